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
package io.github.iamdatasource.stack;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/**
 * Keeps the explanation of the newest start-up that failed, as the user would read it.
 */
public final class ReportedAnalysis implements FailureAnalysisReporter {

	private static volatile @Nullable FailureAnalysis newest;

	static @Nullable FailureAnalysis take() {
		FailureAnalysis analysis = newest;
		newest = null;
		return analysis;
	}

	@Override
	public void report(FailureAnalysis analysis) {
		newest = analysis;
	}

}
