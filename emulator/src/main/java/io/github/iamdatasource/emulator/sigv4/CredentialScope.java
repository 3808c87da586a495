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

/**
 * The value of {@code X-Amz-Credential}.
 *
 * @param accessKeyId the access key id
 * @param date the day, {@code yyyyMMdd}
 * @param region the region
 * @param service the service
 */
public record CredentialScope(String accessKeyId, String date, String region, String service) {

	private static final String TERMINATOR = "aws4_request";

	/**
	 * Takes the value apart.
	 * @param credential {@code id/date/region/service/aws4_request}
	 * @return its parts
	 * @throws MalformedException if it is not of that form
	 */
	public static CredentialScope parse(String credential) throws MalformedException {
		String[] parts = credential.split("/", -1);
		if (parts.length != 5 || !parts[4].equals(TERMINATOR)) {
			throw new MalformedException();
		}
		return new CredentialScope(parts[0], parts[1], parts[2], parts[3]);
	}

	/**
	 * The scope without the access key id, as it is signed.
	 * @return {@code date/region/service/aws4_request}
	 */
	String scope() {
		return this.date + "/" + this.region + "/" + this.service + "/" + TERMINATOR;
	}

}
