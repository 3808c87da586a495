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

package io.github.iamdatasource.autoconfigure.observation;

import io.github.iamdatasource.autoconfigure.IamAdditionalDataSourcesAutoConfiguration;
import io.github.iamdatasource.autoconfigure.IamDataSourceAutoConfiguration;
import io.github.iamdatasource.autoconfigure.IamDataSources;
import io.github.iamdatasource.autoconfigure.TokenSignerDecorator;
import io.github.iamdatasource.observation.ObservedTokenSigner;
import io.github.iamdatasource.observation.TokenSignatureObservationConvention;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/**
 * Auto-configuration of the observation of the signing of tokens.
 */
@AutoConfiguration(after = { IamDataSourceAutoConfiguration.class, IamAdditionalDataSourcesAutoConfiguration.class },
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({ IamDataSources.class, ObservationRegistry.class })
public final class IamDataSourceObservationAutoConfiguration {

	@Bean
	@Lazy
	@ConditionalOnMissingBean(name = "iamTokenSignatureObservation")
	TokenSignerDecorator iamTokenSignatureObservation(ObservationRegistry registry,
			ObjectProvider<TokenSignatureObservationConvention> convention) {
		TokenSignatureObservationConvention custom = convention.getIfAvailable();
		return (signer, dataSource, endpoint) -> new ObservedTokenSigner(signer, dataSource, endpoint, registry,
				custom);
	}

}
