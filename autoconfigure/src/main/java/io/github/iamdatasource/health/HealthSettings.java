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
package io.github.iamdatasource.health;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Status;

/**
 * How a health check goes.
 *
 * @param timeout how long a check waits at most, for credentials and for a probe together
 * @param refreshFailingStatus the status while no token can be signed and the last one
 * still works
 * @param probeInterval how long a login tells how the next would go, before another is
 * tried to find out, or {@code null} to try none
 */
public record HealthSettings(Duration timeout, Status refreshFailingStatus, @Nullable Duration probeInterval) {

	/** Those without any property. */
	public static final HealthSettings DEFAULT = new HealthSettings(Duration.ofSeconds(5), new Status("WARNING"), null);

}
