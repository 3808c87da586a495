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

import io.github.iamdatasource.emulator.Engine;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What keeps an application's data.
 */
@ExtendWith(Databases.Resolver.class)
class RepositoryTests {

	private final Databases databases;

	RepositoryTests(Databases databases) {
		this.databases = databases;
	}

	@ParameterizedTest
	@EnumSource
	void hibernateSignsIn(Engine engine) throws Exception {
		try (RunningApplication application = Application.on(this.databases.of(engine))
			.with(Library.JPA)
			.with("spring.jpa.hibernate.ddl-auto", "create-drop")
			.run()) {
			JpaOrders orders = application.bean(JpaOrders.class);
			application.throughout(() -> orders.save(new JpaOrder("tea")));
			assertThat(orders.countByItem("tea")).isEqualTo(3);
			assertThat(orders.user()).matches("app(@.*)?");
		}
	}

	@Test
	void springDataJdbcSignsIn() throws Exception {
		try (RunningApplication application = Application.on(this.databases.of(Engine.POSTGRESQL))
			.with(Library.DATA_JDBC)
			.with("spring.sql.init.mode", "always")
			.with("spring.sql.init.schema-locations", "classpath:db/jdbc-orders.sql")
			.run()) {
			JdbcOrders orders = application.bean(JdbcOrders.class);
			application.throughout(() -> orders.save(new JdbcOrder(null, "tea")));
			assertThat(orders.findAll()).hasSize(3).extracting(JdbcOrder::item).containsOnly("tea");
			assertThat(orders.user()).isEqualTo("app");
		}
	}

	@Test
	void jooqSignsInAndKnowsTheDatabase() throws Exception {
		try (RunningApplication application = Application.on(this.databases.of(Engine.POSTGRESQL))
			.with(Library.JOOQ)
			.run()) {
			DSLContext jooq = application.bean(DSLContext.class);
			assertThat(jooq.dialect().family()).isEqualTo(SQLDialect.POSTGRES);
			jooq.createTable("jooq_orders").column("item", SQLDataType.VARCHAR(100)).execute();
			application.throughout(() -> jooq.transaction((transaction) -> transaction.dsl()
				.insertInto(DSL.table("jooq_orders"), DSL.field("item"))
				.values("tea")
				.execute()));
			assertThat(jooq.fetchCount(DSL.table("jooq_orders"))).isEqualTo(3);
			assertThat(jooq.fetchValue("select current_user")).isEqualTo("app");
		}
	}

}
