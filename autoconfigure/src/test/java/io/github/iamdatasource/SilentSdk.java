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
package io.github.iamdatasource;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the AWS SDK from logging what tests sign with it.
 */
public final class SilentSdk {

	private static final List<String> LOGGERS = List.of("software.amazon.awssdk.auth.signer.Aws4Signer",
			"software.amazon.awssdk.http.auth.aws.internal.signer.DefaultV4RequestSigner",
			"software.amazon.awssdk.utils.uri.SdkUri");

	/**
	 * Writes the headers of requests, in which there are session tokens. Held here, as
	 * its level is forgotten when nobody does.
	 */
	private static final java.util.logging.Logger HTTP = java.util.logging.Logger
		.getLogger("sun.net.www.protocol.http.HttpURLConnection");

	private SilentSdk() {
	}

	public static void apply() {
		for (String name : LOGGERS) {
			((Logger) LoggerFactory.getLogger(name)).setLevel(Level.INFO);
		}
		silenceHttp();
	}

	/**
	 * Keeps the JDK's own HTTP client, which the SDK uses here, from logging what is
	 * sent.
	 */
	public static void silenceHttp() {
		HTTP.setLevel(java.util.logging.Level.INFO);
	}

}
