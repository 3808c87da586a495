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
package io.github.iamdatasource.sample;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * The orders in the database.
 */
@Repository
class OrderRepository {

	private static final int LONGEST_LIST = 100;

	private final JdbcClient jdbcClient;

	OrderRepository(JdbcClient jdbcClient) {
		this.jdbcClient = jdbcClient;
	}

	List<Order> findNewest() {
		return this.jdbcClient.sql("SELECT id, item, quantity, created_at FROM orders ORDER BY id DESC LIMIT :limit")
			.param("limit", LONGEST_LIST)
			.query(OrderRepository::toOrder)
			.list();
	}

	Optional<Order> find(long id) {
		return this.jdbcClient.sql("SELECT id, item, quantity, created_at FROM orders WHERE id = :id")
			.param("id", id)
			.query(OrderRepository::toOrder)
			.optional();
	}

	Order create(NewOrder order) {
		return this.jdbcClient.sql("""
				INSERT INTO orders (item, quantity) VALUES (:item, :quantity)
				RETURNING id, item, quantity, created_at
				""")
			.param("item", order.item())
			.param("quantity", order.quantity())
			.query(OrderRepository::toOrder)
			.single();
	}

	private static Order toOrder(ResultSet row, int rowNumber) throws SQLException {
		return new Order(row.getLong("id"), row.getString("item"), row.getInt("quantity"),
				row.getObject("created_at", OffsetDateTime.class).toInstant());
	}

}
