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
package io.github.iamdatasource.autoconfigure.health;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.convert.DurationUnit;

/**
 * Configuration properties of the health indicator of the IAM data source.
 */
@ConfigurationProperties("management.health.iam-datasource")
public class IamDataSourceHealthProperties {

	/**
	 * How long a check takes at most, whether credentials or the database let it wait. If
	 * a duration suffix is not specified, seconds will be used.
	 */
	@DurationUnit(ChronoUnit.SECONDS)
	private Duration timeout = Duration.ofSeconds(5);

	/**
	 * Status while no token can be signed anew and the last one still works. 'UP' makes
	 * no difference of it. Spring Boot leaves a status that it does not know out of the
	 * whole, so only 'OUT_OF_SERVICE' and 'DOWN' count there, or one that
	 * 'management.endpoint.health.status.order' names.
	 */
	private String refreshFailingStatus = "WARNING";

	private final Probe probe = new Probe();

	public Duration getTimeout() {
		return this.timeout;
	}

	public void setTimeout(Duration timeout) {
		this.timeout = timeout;
	}

	public String getRefreshFailingStatus() {
		return this.refreshFailingStatus;
	}

	public void setRefreshFailingStatus(String refreshFailingStatus) {
		this.refreshFailingStatus = refreshFailingStatus;
	}

	public Probe getProbe() {
		return this.probe;
	}

	/**
	 * Properties of the logins that a check makes itself.
	 */
	public static class Probe {

		/**
		 * Whether a check logs in to the database when nobody else has within the
		 * interval, and any failure of the newest login counts.
		 */
		private boolean enabled;

		/**
		 * How long a login tells how the next one would go. If a duration suffix is not
		 * specified, seconds will be used.
		 */
		@DurationUnit(ChronoUnit.SECONDS)
		private Duration interval = Duration.ofMinutes(1);

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public Duration getInterval() {
			return this.interval;
		}

		public void setInterval(Duration interval) {
			this.interval = interval;
		}

	}

}
