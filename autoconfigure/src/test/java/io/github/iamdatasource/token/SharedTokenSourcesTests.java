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
package io.github.iamdatasource.token;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SharedTokenSources}.
 */
class SharedTokenSourcesTests {

	private static final DatabaseEndpoint ENDPOINT = new DatabaseEndpoint("h", 5432, "eu-west-1", "app");

	private final SharedTokenSources shared = new SharedTokenSources();

	private final CredentialsSource credentials = (freshness) -> AwsBasicCredentials.create("a", "NeverLogThis");

	private final List<TokenSource> created = new ArrayList<>();

	@Test
	void oneForAllThatSignTheSame() {
		TokenSource first = of(this.credentials, RefreshPolicy.DEFAULT).acquire(ENDPOINT);
		assertThat(of(this.credentials, RefreshPolicy.DEFAULT).acquire(ENDPOINT)).isSameAs(first);
		assertThat(this.created).containsExactly(first);
	}

	@Test
	void anotherForEachOtherEndpointUserCredentialsAndPolicy() {
		TokenSources sources = of(this.credentials, RefreshPolicy.DEFAULT);
		CredentialsSource others = (freshness) -> AwsBasicCredentials.create("b", "NeverLogThis");
		RefreshPolicy policy = new RefreshPolicy(Duration.ofMinutes(3), Duration.ofMinutes(1));
		assertThat(List.of(sources.acquire(ENDPOINT),
				sources.acquire(new DatabaseEndpoint("h", 5433, "eu-west-1", "app")),
				sources.acquire(new DatabaseEndpoint("h", 5432, "eu-west-1", "other")),
				of(others, RefreshPolicy.DEFAULT).acquire(ENDPOINT), of(this.credentials, policy).acquire(ENDPOINT)))
			.doesNotHaveDuplicates();
	}

	@Test
	void closedByTheLastThatReleasesIt() {
		TokenSources one = of(this.credentials, RefreshPolicy.DEFAULT);
		TokenSources other = of(this.credentials, RefreshPolicy.DEFAULT);
		TokenSource source = one.acquire(ENDPOINT);
		other.acquire(ENDPOINT);
		one.release(ENDPOINT, source);
		assertThat(source.snapshot().state()).isNotEqualTo(TokenState.CLOSED);
		other.release(ENDPOINT, source);
		assertThat(source.snapshot().state()).isEqualTo(TokenState.CLOSED);
		assertThat(one.acquire(ENDPOINT)).isNotSameAs(source);
	}

	private TokenSources of(CredentialsSource credentials, RefreshPolicy policy) {
		return this.shared.of(credentials, policy, (endpoint) -> {
			TokenSource source = new TokenSource("test", (freshness) -> {
				throw new TokenSigningException("not asked");
			}, policy, Refresher.shared(), Clock.systemUTC());
			this.created.add(source);
			return source;
		});
	}

}
