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
package io.github.iamdatasource.emulator.sigv4;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The arithmetic of AWS Signature Version 4 (IAM User Guide, "Create a signed AWS API
 * request").
 */
public final class Sigv4 {

	/** The algorithm's name, as {@code X-Amz-Algorithm} has it. */
	public static final String ALGORITHM = "AWS4-HMAC-SHA256";

	private static final String HMAC = "HmacSHA256";

	private Sigv4() {
	}

	/**
	 * The signature that a presigned URL should have.
	 * @param url the URL, signed or not
	 * @param timestamp its {@code X-Amz-Date}
	 * @param scope its scope
	 * @param secretAccessKey the key to sign with
	 * @return lower-case hexadecimal digits
	 */
	public static String sign(PresignedUrl url, String timestamp, CredentialScope scope, String secretAccessKey) {
		String stringToSign = ALGORITHM + "\n" + timestamp + "\n" + scope.scope() + "\n"
				+ sha256(url.canonicalRequest());
		byte[] key = ("AWS4" + secretAccessKey).getBytes(StandardCharsets.UTF_8);
		for (String part : scope.scope().split("/", -1)) {
			key = hmac(key, part);
		}
		return HexFormat.of().formatHex(hmac(key, stringToSign));
	}

	static String sha256(String text) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every JDK has SHA-256", ex);
		}
	}

	private static byte[] hmac(byte[] key, String text) {
		try {
			Mac mac = Mac.getInstance(HMAC);
			mac.init(new SecretKeySpec(key, HMAC));
			return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every JDK has " + HMAC, ex);
		}
	}

}
