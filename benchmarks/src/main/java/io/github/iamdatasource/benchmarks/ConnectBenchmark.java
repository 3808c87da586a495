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
package io.github.iamdatasource.benchmarks;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.iamdatasource.token.TokenSource;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * Opening a physical connection and closing it again, while there is a usable token.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
public class ConnectBenchmark {

	/** The methods, the two baselines first. */
	static final List<String> METHODS = List.of("password", "passwordWithSharedTls", "starter", "wrapper");

	private Login password;

	private Login passwordWithSharedTls;

	private Login starter;

	private Login wrapper;

	private TokenSource tokens;

	/** Makes all of them ready; each run of JMH uses one. */
	@Setup
	public void setUp() {
		Logins logins = new Logins(DatabaseAccess.ofThisProcess());
		StaticCredentialsProvider credentials = StaticCredentialsProvider.create(DatabaseAccess.credentials());
		this.password = logins.password();
		this.passwordWithSharedTls = logins.passwordWithSharedTls();
		this.tokens = logins.tokens(credentials);
		this.starter = logins.starter(this.tokens)::getConnection;
		this.wrapper = logins.wrapper(credentials);
	}

	@TearDown
	public void tearDown() {
		this.tokens.close();
	}

	@Benchmark
	public boolean password() throws SQLException {
		return openAndClose(this.password);
	}

	@Benchmark
	public boolean passwordWithSharedTls() throws SQLException {
		return openAndClose(this.passwordWithSharedTls);
	}

	@Benchmark
	public boolean starter() throws SQLException {
		return openAndClose(this.starter);
	}

	@Benchmark
	public boolean wrapper() throws SQLException {
		return openAndClose(this.wrapper);
	}

	private static boolean openAndClose(Login login) throws SQLException {
		Connection connection = login.open();
		connection.close();
		return connection.isClosed();
	}

}
