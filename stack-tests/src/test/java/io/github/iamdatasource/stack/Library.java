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

import java.util.List;

import org.springframework.boot.batch.autoconfigure.BatchAutoConfiguration;
import org.springframework.boot.batch.autoconfigure.BatchJobLauncherAutoConfiguration;
import org.springframework.boot.batch.jdbc.autoconfigure.BatchJdbcAutoConfiguration;
import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.quartz.autoconfigure.QuartzAutoConfiguration;
import org.springframework.boot.session.autoconfigure.SessionAutoConfiguration;
import org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration;
import org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;

/**
 * What is on the class path of the tests, and only of some applications.
 */
enum Library {

	JPA(HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class),

	DATA_JDBC(DataJdbcRepositoriesAutoConfiguration.class),

	JOOQ(JooqAutoConfiguration.class),

	BATCH(BatchAutoConfiguration.class, BatchJdbcAutoConfiguration.class, BatchJobLauncherAutoConfiguration.class),

	QUARTZ(QuartzAutoConfiguration.class),

	SESSION(SessionAutoConfiguration.class, JdbcSessionAutoConfiguration.class),

	FLYWAY(FlywayAutoConfiguration.class),

	LIQUIBASE(LiquibaseAutoConfiguration.class),

	SPRING_CLOUD(RefreshAutoConfiguration.class, ConfigurationPropertiesRebinderAutoConfiguration.class);

	private final List<String> autoConfigurations;

	Library(Class<?>... autoConfigurations) {
		this.autoConfigurations = List.of(autoConfigurations).stream().map(Class::getName).toList();
	}

	List<String> autoConfigurations() {
		return this.autoConfigurations;
	}

}
