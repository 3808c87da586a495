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

import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

import io.github.iamdatasource.emulator.Engine;
import jakarta.servlet.http.HttpSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What keeps the sessions of an application's users.
 */
@ExtendWith(Databases.Resolver.class)
class SessionTests {

	private final Database database;

	SessionTests(Databases databases) {
		this.database = databases.of(Engine.POSTGRESQL);
	}

	@Test
	void springSessionKeepsThemInTheDatabase() throws Exception {
		try (RunningApplication application = Application.on(this.database, Basket.class)
			.with(Library.SESSION)
			.with("spring.session.jdbc.initialize-schema", "always")
			.withWeb()
			.run()) {
			HttpClient browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
			HttpRequest add = HttpRequest
				.newBuilder(URI.create("http://localhost:"
						+ application.context().getEnvironment().getRequiredProperty("local.server.port") + "/basket"))
				.POST(BodyPublishers.noBody())
				.build();
			application
				.throughout(() -> assertThat(browser.send(add, BodyHandlers.ofString()).statusCode()).isEqualTo(200));
			assertThat(browser.send(add, BodyHandlers.ofString()).body()).isEqualTo("4");
			assertThat(application.bean(JdbcTemplate.class)
				.queryForObject("select count(*) from spring_session", Integer.class)).isOne();
		}
	}

	@RestController
	static class Basket {

		@PostMapping("/basket")
		String add(HttpSession session) {
			int items = (session.getAttribute("items") instanceof Integer before) ? before + 1 : 1;
			session.setAttribute("items", items);
			return String.valueOf(items);
		}

	}

}
