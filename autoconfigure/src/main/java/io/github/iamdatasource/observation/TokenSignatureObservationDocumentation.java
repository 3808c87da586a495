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

package io.github.iamdatasource.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;
import io.micrometer.observation.docs.ObservationDocumentation;

/**
 * The observation of the signing of tokens.
 */
public enum TokenSignatureObservationDocumentation implements ObservationDocumentation {

	/**
	 * One attempt to sign a token, the resolving of the credentials included.
	 */
	TOKEN_SIGNATURE {

		@Override
		public Class<? extends ObservationConvention<? extends Observation.Context>> getDefaultConvention() {
			return DefaultTokenSignatureObservationConvention.class;
		}

		@Override
		public KeyName[] getLowCardinalityKeyNames() {
			return LowCardinalityKeyNames.values();
		}

		@Override
		public KeyName[] getHighCardinalityKeyNames() {
			return HighCardinalityKeyNames.values();
		}

		@Override
		public String getPrefix() {
			return "";
		}

	};

	/**
	 * The keys that timers have, too.
	 */
	public enum LowCardinalityKeyNames implements KeyName {

		/** Name of the data source. */
		NAME("name"),

		/** {@code success}, {@code failure} or, as long as it lasts, {@code unknown}. */
		OUTCOME("outcome"),

		/**
		 * Simple name of the class of what prevented the signature, or {@code none}.
		 */
		EXCEPTION("exception");

		private final String key;

		LowCardinalityKeyNames(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

	/**
	 * The keys that only traces have.
	 */
	public enum HighCardinalityKeyNames implements KeyName {

		/** Host that the token is signed for. */
		SERVER_ADDRESS("server.address"),

		/** Port that the token is signed for. */
		SERVER_PORT("server.port"),

		/** AWS region that the token is signed for. */
		REGION("cloud.region");

		private final String key;

		HighCardinalityKeyNames(String key) {
			this.key = key;
		}

		@Override
		public String asString() {
			return this.key;
		}

	}

}
