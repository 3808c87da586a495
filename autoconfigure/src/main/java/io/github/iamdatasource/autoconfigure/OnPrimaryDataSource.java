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
package io.github.iamdatasource.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/**
 * Matches unless there are additional data sources only: without any, a URL that is
 * missing is a mistake.
 */
class OnPrimaryDataSource extends SpringBootCondition {

	private static final String URL = IamDataSourceProperties.PREFIX + ".url";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("IAM data source of Spring Boot");
		if (hasUrl(context.getEnvironment())) {
			return ConditionOutcome.match(message.foundExactly(URL));
		}
		return AdditionalName.in(context.getEnvironment()).isEmpty()
				? ConditionOutcome.match(message.didNotFind(AdditionalName.PREFIX).atAll())
				: ConditionOutcome.noMatch(message.because(AdditionalName.PREFIX + " is set and " + URL + " is not"));
	}

	private static boolean hasUrl(Environment environment) {
		try {
			return StringUtils.hasText(environment.getProperty(URL));
		}
		catch (IllegalArgumentException ex) {
			// It is set, and whoever reads it says what is wrong with it.
			return true;
		}
	}

}
