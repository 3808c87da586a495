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
package io.github.iamdatasource.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.iamdatasource.documentation.AwsCommandLine.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each command of the AWS command line in the documentation has options that exist, asks
 * AWS for what it should, and finds its answer. No request leaves this machine.
 */
class AwsCommandTests {

	/** What is signed here and asked of nobody. */
	private static final String SIGNED_LOCALLY = "aws rds generate-db-auth-token";

	private final FakeAws aws = new FakeAws();

	@TempDir
	private Path folder;

	private AwsCommandLine commandLine;

	AwsCommandTests() throws IOException {
	}

	@BeforeEach
	void writeThePolicyThatACommandNames() throws IOException {
		this.commandLine = new AwsCommandLine(this.aws, this.folder);
		Files.writeString(this.folder.resolve("policy.json"), Page.of("README.md").blocks("json").get(0).text());
	}

	@AfterEach
	void stop() {
		this.aws.close();
	}

	static List<String> commands() {
		return Page.guide()
			.stream()
			.flatMap((page) -> page.blocks("shell").stream())
			.flatMap((block) -> block.text().replaceAll("\\\\\n\\s*", "").lines())
			.filter((line) -> line.startsWith("aws "))
			.distinct()
			.toList();
	}

	@ParameterizedTest
	@MethodSource("commands")
	void everyCommandIsUnderstoodAndAnswered(String command) throws Exception {
		Result result = this.commandLine.run(command);
		assertThat(result.isGood()).as(result.toString()).isTrue();
		if (!command.startsWith(SIGNED_LOCALLY)) {
			assertThat(result.actions()).singleElement()
				.isEqualTo(Stream.of(command.split(" ")[2].split("-"))
					.map((word) -> word.equals("db") ? "DB" : word.substring(0, 1).toUpperCase() + word.substring(1))
					.collect(Collectors.joining()));
		}
	}

	@ParameterizedTest
	@CsvSource({ "aws rds describe-db-instances, db-ABCDEFGHIJKL01234",
			"aws rds describe-db-clusters, cluster-ABCDEFGHIJKL01234",
			"aws rds describe-db-proxies, prx-0123456789abcdef0" })
	void resourceIdIsFound(String beginning, String resourceId) throws Exception {
		Map<Boolean, List<String>> commands = commands().stream()
			.collect(Collectors.partitioningBy((command) -> command.startsWith(beginning)));
		List<String> answers = new ArrayList<>();
		for (String command : commands.get(true)) {
			answers.add(this.commandLine.run(command).output());
		}
		assertThat(answers).anyMatch((answer) -> answer.endsWith(resourceId));
	}

	/**
	 * What a rejected login tells to type.
	 */
	@ParameterizedTest
	@MethodSource("io.github.iamdatasource.jdbc.LoginAdviceTests#commands")
	void adviceFindsTheResourceId(String command) throws Exception {
		Result result = this.commandLine.run(command);
		assertThat(result.isGood()).as(result.toString()).isTrue();
		assertThat(result.output()).containsPattern("(db|cluster|prx)-[A-Za-z0-9]{17,}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "aws rds describe-db-instances --db-instance-identifer orders",
			"aws rds modify-db-instance --enable-iam-database-authentication",
			"aws rds modify-db-instances --db-instance-identifier orders" })
	void commandThatDoesNotExistIsFound(String command) throws Exception {
		Result result = this.commandLine.run(command);
		assertThat(result.isGood()).isFalse();
		assertThat(result.actions()).isEmpty();
	}

	@Test
	void queryThatLeadsNowhereIsFound() throws Exception {
		assertThat(this.commandLine
			.run("aws rds describe-db-instances --query 'DBInstances[0].DBInstanceResourceId' --output text")
			.isGood()).isFalse();
	}

}
