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
package io.github.iamdatasource.integration;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Keeps the explanation of the newest start-up that failed, as the user would read it.
 */
public final class ReportedAnalyses implements FailureAnalysisReporter {

	private static volatile @Nullable FailureAnalysis newest;

	static @Nullable FailureAnalysis take() {
		FailureAnalysis analysis = newest;
		newest = null;
		return analysis;
	}

	/**
	 * Start an application that cannot start.
	 * @param application the application
	 * @return why not, as the user would read it
	 */
	static FailureAnalysis ofFailing(Application application) {
		Throwable failure = catchThrowable(() -> application.run().close());
		assertThat(failure).as("failure of the start-up").isNotNull();
		Outsider.sees(failure);
		FailureAnalysis analysis = take();
		assertThat(analysis).as("explanation of " + failure).isNotNull();
		return Objects.requireNonNull(analysis);
	}

	/**
	 * Start an application that cannot start, and hold what the user would read to tell
	 * something, and no secret.
	 */
	static void assertFails(Application application, String... told) {
		FailureAnalysis analysis = ofFailing(application);
		assertThat(analysis.getDescription()).isNotBlank();
		assertThat(analysis.getAction()).isNotBlank();
		assertThat(analysis.getDescription() + System.lineSeparator() + analysis.getAction()).contains(told)
			.doesNotContain("NeverLogThis");
	}

	@Override
	public void report(FailureAnalysis analysis) {
		newest = analysis;
	}

}
