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
package io.github.iamdatasource.aws;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.sun.net.httpserver.HttpExchange;

/**
 * What a server answers.
 *
 * @param status the HTTP status
 * @param contentType the type of the body
 * @param body the body
 * @param headers further headers
 */
record Answer(int status, String contentType, String body, Map<String, String> headers) {

	Answer(int status, String contentType, String body) {
		this(status, contentType, body, Map.of());
	}

	static Answer json(String body) {
		return new Answer(200, "application/json", body);
	}

	static Answer text(int status, String body) {
		return new Answer(status, "text/plain", body);
	}

	void send(HttpExchange exchange) throws IOException {
		exchange.getResponseHeaders().set("Content-Type", this.contentType);
		this.headers.forEach(exchange.getResponseHeaders()::set);
		byte[] bytes = this.body.getBytes(StandardCharsets.UTF_8);
		exchange.sendResponseHeaders(this.status, (bytes.length > 0) ? bytes.length : -1);
		if (bytes.length > 0) {
			exchange.getResponseBody().write(bytes);
		}
		exchange.close();
	}

}
