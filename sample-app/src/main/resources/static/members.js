// All that is read from answers of the application, by its name there. The tests hold
// each name against the answer, so nothing is read that is not named here.

/** Members of a data source in the answer of /actuator/iamdatasource. */
export const MEMBERS = {
	endpoint: "endpoint",
	username: "username",
	region: "region",
	state: "token.state",
	signedAt: "token.signedAt",
	age: "token.age",
	expiresIn: "token.expiresIn",
	signatures: "token.signatures",
	refreshes: "token.refreshes",
	failures: "token.failures",
	signingProblem: "token.lastFailure.problem",
	signingAction: "token.lastFailure.action",
	credentialsSource: "credentials.source",
	accessKeyEnding: "credentials.accessKeyEnding",
	credentialsExpireIn: "credentials.expireIn",
	caller: "credentials.caller",
	refusal: "credentials.refusal",
	tlsMode: "tls.mode",
	tlsProtocol: "tls.protocol",
	tlsCipherSuite: "tls.cipherSuite",
	tlsPeerSubject: "tls.peerSubject",
	tlsPeerIssuer: "tls.peerIssuer",
	tlsPeerExpiresAt: "tls.peerExpiresAt",
	logins: "logins",
	loginCount: "logins.*.count",
	loginMeanTime: "logins.*.meanTime",
	lastFailures: "lastFailures",
	failureAt: "lastFailures.*.at",
	failureWhat: "lastFailures.*.what",
	failureSqlState: "lastFailures.*.sqlState",
	failureProblem: "lastFailures.*.problem",
	failureAction: "lastFailures.*.action"
};

/** Meters of the pool: HikariCP's own, or else those that Spring Boot has for any. */
export const METERS = {
	active: ["hikaricp.connections.active", "jdbc.connections.active"],
	idle: ["hikaricp.connections.idle", "jdbc.connections.idle"],
	pending: ["hikaricp.connections.pending"],
	max: ["hikaricp.connections.max", "jdbc.connections.max"]
};

/**
 * The value of a member, or undefined where there is none.
 * @param {object} from what holds the part of the path that follows the last "*"
 */
export function read(from, path) {
	const names = path.slice(path.lastIndexOf("*.") + 1).split(".").filter((name) => name !== "");
	return names.reduce((value, name) => value?.[name], from) ?? undefined;
}
