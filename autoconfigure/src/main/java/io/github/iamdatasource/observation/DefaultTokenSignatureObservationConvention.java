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

import java.util.Locale;

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.observation.TokenSignatureObservationDocumentation.HighCardinalityKeyNames;
import io.github.iamdatasource.observation.TokenSignatureObservationDocumentation.LowCardinalityKeyNames;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

/**
 * How the signing of a token is observed, unless the application says otherwise.
 */
public class DefaultTokenSignatureObservationConvention implements TokenSignatureObservationConvention {

	/**
	 * Not {@code iam.datasource.token.sign}: that is a timer of the token source's own,
	 * and one name cannot belong to two meters.
	 */
	private static final String NAME = "iam.datasource.token.signature";

	@Override
	public String getName() {
		return NAME;
	}

	@Override
	public String getContextualName(TokenSignatureContext context) {
		return "sign token";
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(TokenSignatureContext context) {
		Class<?> failure = context.getFailureType();
		return KeyValues.of(LowCardinalityKeyNames.NAME.withValue(context.getDataSource()),
				LowCardinalityKeyNames.OUTCOME.withValue(context.getOutcome().name().toLowerCase(Locale.ROOT)),
				LowCardinalityKeyNames.EXCEPTION.withValue((failure != null) ? name(failure) : KeyValue.NONE_VALUE));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(TokenSignatureContext context) {
		DatabaseEndpoint endpoint = context.getEndpoint();
		return KeyValues.of(HighCardinalityKeyNames.SERVER_ADDRESS.withValue(endpoint.hostname()),
				HighCardinalityKeyNames.SERVER_PORT.withValue(String.valueOf(endpoint.port())),
				HighCardinalityKeyNames.REGION.withValue(endpoint.region()));
	}

	/** An anonymous class has no simple name. */
	private static String name(Class<?> type) {
		return type.getSimpleName().isEmpty() ? type.getName() : type.getSimpleName();
	}

}
