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
package io.github.iamdatasource.aws;

import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.UUID;

/**
 * The answers of STS, in the XML of its Query API.
 */
final class StsAnswers {

	private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

	private StsAnswers() {
	}

	static Answer callerIdentity(Caller caller) {
		return success("GetCallerIdentity", element("Arn", caller.arn()) + element("UserId", "AIDAEXAMPLEEXAMPLEEXA")
				+ element("Account", caller.account()));
	}

	static Answer assumedRole(Session session) {
		return success("AssumeRole", assumedRoleUser(session) + credentials(session));
	}

	static Answer assumedRoleWithWebIdentity(Session session) {
		return success("AssumeRoleWithWebIdentity",
				element("SubjectFromWebIdentityToken", "system:serviceaccount:default:orders")
						+ element("Audience", "sts.amazonaws.com") + assumedRoleUser(session) + credentials(session)
						+ element("Provider", "arn:aws:iam::" + session.role().account()
								+ ":oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"));
	}

	static Answer error(AwsError error) {
		String requestId = UUID.randomUUID().toString();
		return xml(error.status(), requestId,
				"<ErrorResponse xmlns=\"" + NAMESPACE + "\">\n<Error>"
						+ element("Type", (error.status() < 500) ? "Sender" : "Receiver")
						+ element("Code", error.code()) + element("Message", error.text()) + "</Error>"
						+ element("RequestId", requestId) + "</ErrorResponse>\n");
	}

	static Answer garbage() {
		return xml(200, UUID.randomUUID().toString(),
				"<AssumeRoleResponse xmlns=\"" + NAMESPACE + "\">\n<AssumeRoleResult><Credentials>"
						+ element("AccessKeyId", "ASIAGARBAGEEXAMPLE00") + element("SessionToken", "NeverLogThis/token")
						+ "<SecretAccessKey>NeverLogThis/secret</Credentials>");
	}

	private static String assumedRoleUser(Session session) {
		return "<AssumedRoleUser>" + element("Arn", session.arn())
				+ element("AssumedRoleId",
						"AROAEXAMPLEEXAMPLEEXA:" + session.arn().substring(session.arn().lastIndexOf('/') + 1))
				+ "</AssumedRoleUser>";
	}

	private static String credentials(Session session) {
		return "<Credentials>" + element("AccessKeyId", session.accessKeyId())
				+ element("SecretAccessKey", session.secretAccessKey())
				+ element("SessionToken", session.sessionToken())
				+ element("Expiration", DateTimeFormatter.ISO_INSTANT.format(session.expiresAt())) + "</Credentials>";
	}

	private static Answer success(String action, String result) {
		String requestId = UUID.randomUUID().toString();
		return xml(200, requestId,
				"<" + action + "Response xmlns=\"" + NAMESPACE + "\">\n<" + action + "Result>" + result + "</" + action
						+ "Result>\n<ResponseMetadata>" + element("RequestId", requestId) + "</ResponseMetadata></"
						+ action + "Response>\n");
	}

	private static String element(String name, String text) {
		String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
		return "\n<" + name + ">" + escaped + "</" + name + ">";
	}

	private static Answer xml(int status, String requestId, String body) {
		return new Answer(status, "text/xml", body, Map.of("x-amzn-RequestId", requestId));
	}

}
