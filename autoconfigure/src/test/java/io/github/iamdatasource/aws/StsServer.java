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

import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.iamdatasource.emulator.RdsIamEmulator;
import org.jspecify.annotations.Nullable;

/**
 * Stands where AWS STS stands: knows users and roles, verifies the signatures of
 * requests, and issues session credentials with which tokens can be signed.
 *
 * @see <a href= "https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html">AWS
 * Security Token Service API reference</a>
 */
public final class StsServer extends AwsServer {

	private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'")
		.withZone(ZoneOffset.UTC);

	/** How far a request's time may be from the server's. */
	private static final Duration TOLERANCE = Duration.ofMinutes(15);

	private static final Duration SHORTEST = Duration.ofMinutes(15);

	/** No longer does a session live that was assumed by the session of a role. */
	private static final Duration LONGEST_IN_A_CHAIN = Duration.ofHours(1);

	private final Sessions sessions;

	private final boolean ownSessions;

	private final Clock clock;

	private final @Nullable DateShift dateShift;

	private final Map<String, User> users = new ConcurrentHashMap<>();

	private final Map<String, Role> roles = new ConcurrentHashMap<>();

	private final Set<String> expiredWebIdentities = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Duration sessionLifetime;

	private StsServer(Sessions sessions, boolean ownSessions, @Nullable Clock clock) {
		this.sessions = sessions;
		this.ownSessions = ownSessions;
		this.clock = (clock != null) ? clock : Clock.systemUTC();
		begin();
		this.dateShift = (clock != null) ? DateShift.start(super.endpoint().getPort(), clock) : null;
	}

	/**
	 * Starts a server that knows nobody yet.
	 * @param rds the emulator that shall know its sessions until the server is closed
	 * @return the server
	 */
	public static StsServer start(RdsIamEmulator rds) {
		return new StsServer(Sessions.knownTo(rds), true, null);
	}

	/**
	 * Starts a server that knows nobody yet but the sessions that others have issued, and
	 * leaves it to others to have them forgotten.
	 * @param sessions all sessions
	 * @return the server
	 */
	public static StsServer start(Sessions sessions) {
		return new StsServer(sessions, false, null);
	}

	/**
	 * Starts a server that has its own idea of the time: it judges signatures by it and
	 * tells it in the header {@code Date}. Sessions end by the real time.
	 * @param sessions all sessions
	 * @param clock tells the time
	 * @return the server
	 */
	public static StsServer start(Sessions sessions, Clock clock) {
		return new StsServer(sessions, false, clock);
	}

	@Override
	public URI endpoint() {
		return (this.dateShift != null) ? this.dateShift.endpoint() : super.endpoint();
	}

	/**
	 * The sessions that it has issued, and those that it was started with.
	 * @return the sessions
	 */
	public Sessions sessions() {
		return this.sessions;
	}

	/**
	 * Lets a user with long-lived credentials call. What the user may do in the database
	 * is the emulator's business.
	 * @param accessKeyId the access key id
	 * @param secretAccessKey the secret access key
	 * @param arn such as {@code arn:aws:iam::123456789012:user/deploy}
	 * @return this server
	 */
	public StsServer user(String accessKeyId, String secretAccessKey, String arn) {
		this.users.put(accessKeyId, new User(secretAccessKey, Caller.user(arn)));
		return this;
	}

	/**
	 * Adds a role, or replaces the one of that name. What sessions may do that exist is
	 * not changed by it.
	 * @param role the role
	 * @return this server
	 */
	public StsServer role(Role role) {
		this.roles.put(role.arn(), role);
		return this;
	}

	/**
	 * Has sessions live for a while, whatever was asked for.
	 * @param lifetime how long
	 * @return this server
	 */
	public StsServer sessionLifetime(Duration lifetime) {
		this.sessionLifetime = lifetime;
		return this;
	}

	/**
	 * Has a web identity be one that has expired.
	 * @param token its text
	 * @return this server
	 */
	public StsServer expireWebIdentity(String token) {
		this.expiredWebIdentities.add(token);
		return this;
	}

	@Override
	Call describe(Request request) {
		Map<String, String> parameters = request.form();
		return call(request, parameters.getOrDefault("Action", request.method() + " " + request.path()), parameters,
				SignedRequest.of(request));
	}

	@Override
	Answer answer(Request request) {
		Map<String, String> parameters = request.form();
		String action = parameters.getOrDefault("Action", "");
		return switch (action) {
			case "GetCallerIdentity" -> StsAnswers.callerIdentity(caller(request));
			case "AssumeRole" -> assumeRole(parameters, caller(request));
			case "AssumeRoleWithWebIdentity" -> assumeRoleWithWebIdentity(parameters);
			default -> throw new AwsError(400, "InvalidAction",
					"Could not find operation " + action + " for version " + parameters.get("Version"));
		};
	}

	@Override
	Answer answer(AwsError error) {
		return StsAnswers.error(error);
	}

	@Override
	Answer garbage() {
		return StsAnswers.garbage();
	}

	@Override
	Answer failed(Fault failing) {
		return switch (failing) {
			case THROTTLING -> answer(new AwsError(400, "Throttling", "Rate exceeded"));
			case IDENTITY_PROVIDER_UNREACHABLE -> answer(new AwsError(400, "IDPCommunicationError",
					"The request could not be fulfilled because the identity provider (IDP) that was asked to verify "
							+ "the incoming identity token could not be reached."));
			default -> super.failed(failing);
		};
	}

	private Answer assumeRole(Map<String, String> parameters, Caller caller) {
		String arn = required(parameters, "RoleArn");
		String name = sessionName(parameters);
		Role role = this.roles.get(arn);
		if (role == null || !role.trusts(caller)
				|| (role.externalId() != null && !role.externalId().equals(parameters.get("ExternalId")))) {
			throw new AwsError(403, "AccessDenied",
					"User: " + caller.arn() + " is not authorized to perform: sts:AssumeRole on resource: " + arn);
		}
		Duration asked = askedLifetime(parameters, role);
		if (caller.fromRole() && asked.compareTo(LONGEST_IN_A_CHAIN) > 0) {
			throw new AwsError(400, "ValidationError",
					"The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
		}
		return StsAnswers.assumedRole(issue(role, name, asked));
	}

	private Answer assumeRoleWithWebIdentity(Map<String, String> parameters) {
		String name = sessionName(parameters);
		String token = required(parameters, "WebIdentityToken");
		if (this.expiredWebIdentities.contains(token)) {
			long now = this.clock.instant().getEpochSecond();
			throw new AwsError(400, "ExpiredTokenException", "Token expired: current date/time " + now
					+ " must be before the expiration date/time " + (now - 60));
		}
		if (this.roles.values().stream().noneMatch((role) -> role.webIdentities().contains(token))) {
			throw new AwsError(400, "InvalidIdentityToken",
					"Couldn't retrieve verification key from your identity provider, please reference "
							+ "AssumeRoleWithWebIdentity documentation for requirements");
		}
		Role role = this.roles.get(required(parameters, "RoleArn"));
		if (role == null || !role.webIdentities().contains(token)) {
			throw new AwsError(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");
		}
		return StsAnswers.assumedRoleWithWebIdentity(issue(role, name, askedLifetime(parameters, role)));
	}

	private Session issue(Role role, String name, Duration asked) {
		Duration lifetime = this.sessionLifetime;
		return this.sessions.issue(role, name, (lifetime != null) ? lifetime : asked);
	}

	private Duration askedLifetime(Map<String, String> parameters, Role role) {
		String seconds = parameters.get("DurationSeconds");
		Duration asked = (seconds != null) ? Duration.ofSeconds(Long.parseLong(seconds)) : Duration.ofHours(1);
		if (asked.compareTo(SHORTEST) < 0) {
			throw new AwsError(400, "ValidationError",
					"1 validation error detected: Value '" + seconds + "' at 'durationSeconds' failed to satisfy "
							+ "constraint: Member must have value greater than or equal to " + SHORTEST.toSeconds());
		}
		if (seconds != null && asked.compareTo(role.maxSession()) > 0) {
			throw new AwsError(400, "ValidationError",
					"The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
		}
		return asked;
	}

	private static String sessionName(Map<String, String> parameters) {
		String name = required(parameters, "RoleSessionName");
		if (!name.matches("[\\w+=,.@-]{2,64}")) {
			throw new AwsError(400, "ValidationError",
					"1 validation error detected: Value '" + name + "' at 'roleSessionName' failed to satisfy "
							+ "constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*");
		}
		return name;
	}

	private static String required(Map<String, String> parameters, String name) {
		String value = parameters.get(name);
		if (value == null || value.isEmpty()) {
			throw new AwsError(400, "ValidationError",
					"1 validation error detected: Value null at '" + Character.toLowerCase(name.charAt(0))
							+ name.substring(1) + "' failed to satisfy constraint: Member must not be null");
		}
		return value;
	}

	private Caller caller(Request request) {
		if (request.header("authorization") == null) {
			throw new AwsError(403, "MissingAuthenticationToken", "Request is missing Authentication Token");
		}
		SignedRequest signed = SignedRequest.of(request);
		if (signed == null || !signed.signedHeaders().contains("host")
				|| !signed.signedHeaders().contains("x-amz-date")) {
			throw new AwsError(400, "IncompleteSignature", "The request signature does not conform to AWS standards.");
		}
		String sessionToken = request.header("x-amz-security-token");
		User user = this.users.get(signed.accessKeyId());
		if (user != null && sessionToken == null) {
			verify(signed, user.secretAccessKey());
			return user.caller();
		}
		Session session = this.sessions.find(signed.accessKeyId());
		if (session == null || !session.sessionToken().equals(sessionToken)) {
			throw new AwsError(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
		}
		verify(signed, session.secretAccessKey());
		if (!Instant.now().isBefore(session.expiresAt())) {
			throw new AwsError(403, "ExpiredToken", "The security token included in the request is expired");
		}
		return Caller.session(session);
	}

	private void verify(SignedRequest signed, String secretAccessKey) {
		if (!signed.service().equals("sts")) {
			throw mismatch("Credential should be scoped to correct service: 'sts'. ");
		}
		if (!signed.timestamp().startsWith(signed.date())) {
			throw mismatch("Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '"
					+ signed.date() + "' != '" + signed.timestamp() + "'.");
		}
		verifyTime(signed.timestamp());
		if (!signed.isSignedWith(secretAccessKey)) {
			throw mismatch("The request signature we calculated does not match the signature you provided. Check your "
					+ "AWS Secret Access Key and signing method. Consult the service documentation for details.");
		}
	}

	private void verifyTime(String timestamp) {
		Instant signedAt;
		try {
			signedAt = TIMESTAMP.parse(timestamp, Instant::from);
		}
		catch (DateTimeException ex) {
			throw new AwsError(400, "IncompleteSignature",
					"Date must be in ISO-8601 'basic format'. Got '" + timestamp + "'.");
		}
		Instant now = this.clock.instant();
		Instant earliest = now.minus(TOLERANCE);
		Instant latest = now.plus(TOLERANCE);
		if (signedAt.isBefore(earliest)) {
			throw mismatch("Signature expired: " + timestamp + " is now earlier than " + TIMESTAMP.format(earliest)
					+ " (" + TIMESTAMP.format(now) + " - 15 min.)");
		}
		if (signedAt.isAfter(latest)) {
			throw mismatch("Signature not yet current: " + timestamp + " is still later than "
					+ TIMESTAMP.format(latest) + " (" + TIMESTAMP.format(now) + " + 15 min.)");
		}
	}

	private static AwsError mismatch(String message) {
		return new AwsError(403, "SignatureDoesNotMatch", message);
	}

	@Override
	public void close() {
		if (this.dateShift != null) {
			this.dateShift.close();
		}
		super.close();
		if (this.ownSessions) {
			this.sessions.close();
		}
	}

	private record User(String secretAccessKey, Caller caller) {
	}

}
