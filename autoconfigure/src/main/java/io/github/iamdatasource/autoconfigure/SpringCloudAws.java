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

import java.net.URI;

import io.awspring.cloud.autoconfigure.core.AwsConnectionDetails;
import io.awspring.cloud.autoconfigure.core.AwsProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Where AWS is, as far as Spring Cloud AWS says so: its properties, or a service
 * connection such as that of a LocalStack container.
 *
 * @param endpoint where AWS is, or {@code null} where it always is
 * @param region the region there, or {@code null} if nothing is said of it
 */
record SpringCloudAws(@Nullable URI endpoint, @Nullable String region) {

	private static final SpringCloudAws SILENT = new SpringCloudAws(null, null);

	private static final boolean PRESENT = ClassUtils
		.isPresent("io.awspring.cloud.autoconfigure.core.AwsConnectionDetails", SpringCloudAws.class.getClassLoader());

	static SpringCloudAws of(BeanFactory beans) {
		return PRESENT ? Present.of(beans) : SILENT;
	}

	/**
	 * Names classes that not every application has.
	 */
	private static final class Present {

		static SpringCloudAws of(BeanFactory beans) {
			AwsConnectionDetails connection = beans.getBeanProvider(AwsConnectionDetails.class).getIfUnique();
			AwsProperties properties = beans.getBeanProvider(AwsProperties.class).getIfUnique();
			URI endpoint = (connection != null) ? connection.getEndpoint() : null;
			if (endpoint == null && properties != null) {
				endpoint = properties.getEndpoint();
			}
			return new SpringCloudAws(endpoint, (connection != null) ? connection.getRegion() : null);
		}

	}

}
