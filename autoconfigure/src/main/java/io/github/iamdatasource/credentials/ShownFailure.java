/*
 * Copyright 2026-present the iam-datasource authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.github.iamdatasource.credentials;

import java.io.IOException;

import io.github.iamdatasource.token.CredentialsUnavailableException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * A failure as far as it may be shown. The messages of the AWS SDK's own exceptions and
 * of the network hold no secrets, but others do: they quote what a program has printed,
 * or the answer that could not be read.
 */
final class ShownFailure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private ShownFailure(String message, StackTraceElement[] trace, @Nullable Throwable cause) {
		super(message, cause, false, true);
		setStackTrace(trace);
	}

	/**
	 * Return what may be shown of a failure.
	 * @param failure any failure
	 * @return the failure itself if all of it may be shown, or else one that tells the
	 * same without the messages that may not
	 */
	static Throwable of(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (!mayBeShown(cause) || cause.getSuppressed().length > 0) {
				return copy(failure);
			}
		}
		return failure;
	}

	private static ShownFailure copy(Throwable failure) {
		return new ShownFailure(
				mayBeShown(failure) ? failure.toString()
						: failure.getClass().getName() + " (with a message that is not shown, as it may hold secrets)",
				failure.getStackTrace(), (failure.getCause() != null) ? copy(failure.getCause()) : null);
	}

	private static boolean mayBeShown(Throwable failure) {
		return failure instanceof CredentialsUnavailableException || failure instanceof SdkException
				|| failure.getMessage() == null
				|| (failure instanceof IOException && isOfThePlatform(failure.getClass().getName()));
	}

	/** Names hosts and files only. */
	private static boolean isOfThePlatform(String type) {
		return type.startsWith("java.net.") || type.startsWith("java.nio.file.") || type.startsWith("javax.net.ssl.");
	}

	@Override
	public String toString() {
		return String.valueOf(getMessage());
	}

}
