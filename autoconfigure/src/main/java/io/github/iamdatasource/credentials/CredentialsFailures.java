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
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.iamdatasource.token.CredentialsUnavailableException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.core.util.VersionInfo;

/**
 * Explains why the AWS SDK could not provide credentials.
 */
final class CredentialsFailures {

	private static final Pattern MISSING_MODULE = Pattern
		.compile("'(\\w+)' service\\s+module must be on the class path");

	/** What comes after it is what the program has printed. */
	private static final Pattern EXIT_VALUE = Pattern.compile("non-zero exit value \\((-?\\d+)\\)");

	/** What comes after it is a list of all that is in the files, without the values. */
	private static final String EMPTY_PROFILE = "Profile file contained no credentials for profile ";

	private static final String PROCESS_FAILURE = "Failed to refresh process-based credentials.";

	private CredentialsFailures() {
	}

	/**
	 * Explain a failure.
	 * @param failure what the SDK has thrown
	 * @param source where the credentials were to come from
	 * @param profile the name of the profile in which that is described, if it is
	 * @return the same failure, explained
	 */
	static CredentialsUnavailableException explain(RuntimeException failure, String source, @Nullable String profile) {
		CredentialsUnavailableException explained = find(failure, CredentialsUnavailableException.class);
		if (explained != null) {
			return explained;
		}
		String module = missingModule(failure);
		if (module != null) {
			return new CredentialsUnavailableException(
					"The " + source + " needs a part of the AWS SDK that is not on the class path: '" + module + "'.",
					addDependencies(module), ShownFailure.of(failure));
		}
		if (profile != null && !ProfileFiles.names(profile)) {
			return new CredentialsUnavailableException(
					"There is no " + source + " in " + ProfileFiles.locations() + ".",
					"Write it there" + otherProfiles() + ". AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name other "
							+ "files.",
					ShownFailure.of(failure));
		}
		if (profile != null && String.valueOf(failure.getMessage()).startsWith(EMPTY_PROFILE)) {
			return new CredentialsUnavailableException(
					"The " + source + " in " + ProfileFiles.locations() + " names no credentials, or a role without "
							+ "the credentials to assume it with.",
					"Give it keys, credential_process, sso_session (written by: aws configure sso), or role_arn "
							+ "together with source_profile, credential_source or web_identity_token_file.",
					ShownFailure.of(failure));
		}
		SdkServiceException answer = find(failure, SdkServiceException.class);
		if (StsFailures.isOfSts(answer)) {
			return StsFailures.explain(answer, source, null);
		}
		if (isExpiredSso(failure)) {
			return new CredentialsUnavailableException(
					"The session of IAM Identity Center (SSO) that the " + source
							+ " uses has ended, or there is none.",
					"Run: aws sso login" + ((profile != null) ? " --profile " + ProfileFiles.signedInBy(profile) : "")
							+ ". On a server, where nobody can log in, use a role instead.",
					ShownFailure.of(failure));
		}
		String process = processFailure(failure);
		if (process != null) {
			return new CredentialsUnavailableException(
					"The program of credential_process in the " + source + " " + process + ".",
					"Run the program by hand, as the user that the application runs as, and see " + "what it prints.",
					null);
		}
		return new CredentialsUnavailableException(sentence(reason(failure)), whatToCheck(source),
				ShownFailure.of(failure));
	}

	private static String otherProfiles() {
		List<String> others = ProfileFiles.profiles();
		return others.isEmpty() ? ": there are no profiles at all"
				: ", or name another one (there are: " + String.join(", ", others) + ")";
	}

	private static String addDependencies(String module) {
		String others = module.equals("sso") || module.equals("ssooidc")
				? "software.amazon.awssdk:sso and software.amazon.awssdk:ssooidc" : "software.amazon.awssdk:" + module;
		return "Add " + (module.startsWith("sso") ? "the dependencies " : "the dependency ") + others + ", version "
				+ VersionInfo.SDK_VERSION + " like the rest of the AWS SDK here.";
	}

	private static @Nullable String missingModule(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			Matcher matcher = MISSING_MODULE.matcher(String.valueOf(cause.getMessage()));
			if (matcher.find()) {
				return matcher.group(1);
			}
		}
		return null;
	}

	/** The classes may be missing, and one of them has the name of one of STS's. */
	private static boolean isExpiredSso(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			String type = cause.getClass().getName();
			int status = (cause instanceof SdkServiceException answer) ? answer.statusCode() : 0;
			if (type.equals("software.amazon.awssdk.services.sso.auth.ExpiredTokenException")
					|| (status == 401 && type.startsWith("software.amazon.awssdk.services.sso."))
					|| ((status == 400 || status == 401) && type.startsWith("software.amazon.awssdk.services.ssooidc."))
					|| String.valueOf(cause.getMessage()).startsWith("Unable to load SSO token")) {
				return true;
			}
		}
		return false;
	}

	private static @Nullable String processFailure(Throwable failure) {
		if (!PROCESS_FAILURE.equals(failure.getMessage())) {
			return null;
		}
		Throwable cause = failure.getCause();
		if (cause == null) {
			return "failed";
		}
		Matcher exit = EXIT_VALUE.matcher(String.valueOf(cause.getMessage()));
		if (exit.find()) {
			return "ended with exit value " + exit.group(1);
		}
		return (cause instanceof IOException) ? "could not be run"
				: "did not print credentials as JSON with a Version of 1, an AccessKeyId and a SecretAccessKey";
	}

	/**
	 * Put the SDK's own messages together with those of the network and of files, which
	 * hold no secrets. Others might.
	 */
	static String reason(Throwable failure) {
		StringBuilder reason = new StringBuilder();
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			String told = told(cause);
			if (told != null && reason.indexOf(told) < 0) {
				reason.append(reason.isEmpty() ? "" : ": ").append(withoutEnd(told));
			}
		}
		return reason.isEmpty() ? failure.getClass().getName() : reason.toString();
	}

	private static @Nullable String told(Throwable cause) {
		String message = cause.getMessage();
		if (cause instanceof UnknownHostException) {
			return "the host " + message + " is not known";
		}
		if (cause instanceof SocketException || cause instanceof SocketTimeoutException
				|| cause instanceof FileSystemException) {
			return cause.getClass().getSimpleName() + ((message != null) ? " " + message : "");
		}
		return (message != null && (cause instanceof SdkException || isCheckOfTheSdk(cause))) ? message.strip() : null;
	}

	/**
	 * What a setting lacks. Others of the SDK's quote what they could not read, and its
	 * runner of programs what those have printed.
	 */
	private static boolean isCheckOfTheSdk(Throwable failure) {
		boolean ofItsKind = failure.getClass() == IllegalArgumentException.class
				|| failure.getClass() == IllegalStateException.class;
		StackTraceElement[] trace = failure.getStackTrace();
		return ofItsKind && trace.length > 0 && trace[0].getClassName().startsWith("software.amazon.awssdk.")
				&& !trace[0].getClassName().endsWith(".ProcessCredentialsProvider");
	}

	private static String whatToCheck(String source) {
		if (source.startsWith("instance metadata")) {
			return "On Amazon EC2, give the instance a role. In a container on it, the metadata are one hop further "
					+ "away: set their hop limit (HttpPutResponseHopLimit) to 2, or better give the container a role of "
					+ "its own.";
		}
		if (source.startsWith("container credentials")) {
			return "Check that the task or the pod has a role, and that the file that "
					+ "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names, if it is set, holds a token without an end of line.";
		}
		return "Check the settings of the " + source + ", and that the application can reach what it names.";
	}

	static String sentence(String message) {
		return message.endsWith(".") ? message : message + ".";
	}

	static String withoutEnd(String sentence) {
		return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
	}

	static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (type.isInstance(cause)) {
				return type.cast(cause);
			}
		}
		return null;
	}

}
