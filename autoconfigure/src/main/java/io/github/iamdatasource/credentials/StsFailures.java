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

import java.util.Objects;

import io.github.iamdatasource.token.CredentialsUnavailableException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.sts.model.StsException;

/**
 * Explains what AWS STS answers to who may not have what was asked for.
 *
 * @see <a href=
 * "https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html">Common
 * errors</a>
 */
final class StsFailures {

	private static final String PACKAGE = "software.amazon.awssdk.services.sts.";

	private StsFailures() {
	}

	/** Loads no class of STS, as there may be none. */
	static boolean isOfSts(@Nullable SdkServiceException answer) {
		return answer != null && answer.getClass().getName().startsWith(PACKAGE);
	}

	/**
	 * Explain an answer.
	 * @param answer what STS has answered
	 * @param source what names the role
	 * @param role the role that was to be assumed, if it is known
	 * @return the answer, explained
	 */
	static CredentialsUnavailableException explain(SdkServiceException answer, String source,
			@Nullable AssumedRole role) {
		StsException sts = (StsException) answer;
		String code = code(sts);
		String of = "the role " + ((role != null) ? role.arn() : "of the " + source);
		String said = message(sts);
		return switch (code) {
			case "AccessDenied" -> said.contains("AssumeRoleWithWebIdentity") ? new CredentialsUnavailableException(
					"AWS STS did not exchange the web identity token for " + of + ": " + said,
					"Check that the trust policy of the role " + name(role) + "allows "
							+ "sts:AssumeRoleWithWebIdentity to the identity provider that issued the token, with the token's "
							+ "own audience and subject (for Amazon EKS, "
							+ "system:serviceaccount:<namespace>:<service account>) in its conditions.",
					sts)
					: new CredentialsUnavailableException("AWS STS did not allow to assume " + of + ": " + said,
							"Check that the trust policy of the role " + name(role)
									+ "allows sts:AssumeRole to the caller that the "
									+ "message names, with the external id, the source identity or the tags (sts:TagSession) that "
									+ "it asks for, and that the caller's own policy allows sts:AssumeRole on the role.",
							sts);
			case "ExpiredToken", "ExpiredTokenException" -> new CredentialsUnavailableException(
					"AWS STS says that what was sent to get " + of + " has expired: " + said,
					"Renew the session credentials, or the web identity token, that the application is started with.",
					sts);
			case "InvalidClientTokenId" -> new CredentialsUnavailableException(
					"AWS STS does not know the access key that asked for " + of + ".",
					"Check that the key was not deleted or deactivated, that it is for the same AWS partition, and that "
							+ "a session token is given with it if it is a temporary one.",
					sts);
			// With the whole request in it, session token included.
			case "SignatureDoesNotMatch" -> new CredentialsUnavailableException(
					"AWS STS says that the request for " + of + " was not signed rightly.",
					"Check that the secret access key belongs to the access key id, and this machine's clock.", null);
			case "RequestExpired" ->
				new CredentialsUnavailableException("AWS STS says that the request for " + of + " has expired: " + said,
						"Set this machine's clock.", sts);
			case "InvalidIdentityToken" -> new CredentialsUnavailableException(
					"AWS STS does not accept the web identity token for " + of + ": " + said,
					"Check that the token's issuer is an identity provider of the role's account, and that the token is "
							+ "meant for AWS (audience sts.amazonaws.com).",
					sts);
			case "RegionDisabledException" -> new CredentialsUnavailableException(
					"AWS STS is switched off in the region that was asked for " + of + ": " + said,
					"Activate STS there in the account's settings, or name another region for it.", sts);
			case "ValidationError" -> new CredentialsUnavailableException(
					"AWS STS did not accept the request for " + of + ": " + said,
					"Check the role's ARN, and that the duration is within the role's maximum, and within an hour if the "
							+ "credentials that it is assumed with are a role's themselves.",
					sts);
			case "Throttling", "ThrottlingException", "RequestLimitExceeded" -> new CredentialsUnavailableException(
					"AWS STS is asked too often: " + said + " (" + of + ").",
					"Nothing has to be done if it passes: it is tried again. If it does not, find what else in the account "
							+ "asks STS all the time.",
					sts);
			default -> new CredentialsUnavailableException(
					"AWS STS did not give " + of + " (" + code + ", status " + sts.statusCode() + "): " + said,
					"If the status is 500 or more it is for AWS to mend, and it is tried again. Otherwise check the role "
							+ name(role) + "and who may assume it.",
					sts);
		};
	}

	private static String name(@Nullable AssumedRole role) {
		return (role != null) ? role.arn() + " " : "";
	}

	static String code(StsException answer) {
		AwsErrorDetails details = answer.awsErrorDetails();
		String code = (details != null) ? details.errorCode() : null;
		return Objects.requireNonNullElse(code, "no code");
	}

	private static String message(StsException answer) {
		AwsErrorDetails details = answer.awsErrorDetails();
		String message = (details != null) ? details.errorMessage() : null;
		return CredentialsFailures.sentence(Objects.requireNonNullElse(message, "it gives no reason"));
	}

}
