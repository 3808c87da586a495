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
package io.github.iamdatasource.documentation;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * Answers what the documented commands ask of Amazon RDS, IAM, STS and CloudWatch Logs,
 * in their form and with the identifiers that the guide has.
 */
final class FakeAws implements AutoCloseable {

	private static final Map<String, String> ANSWERS = Map.of("DescribeDBInstances",
			"<DBInstances><DBInstance><DbiResourceId>db-ABCDEFGHIJKL01234</DbiResourceId>"
					+ "<IAMDatabaseAuthenticationEnabled>true</IAMDatabaseAuthenticationEnabled><Endpoint>"
					+ "<Address>orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com</Address><Port>5432</Port>"
					+ "</Endpoint></DBInstance></DBInstances>",
			"DescribeDBClusters",
			"<DBClusters><DBCluster><DBClusterIdentifier>orders</DBClusterIdentifier><Endpoint>"
					+ "orders.cluster-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com</Endpoint><ReaderEndpoint>"
					+ "orders.cluster-ro-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com</ReaderEndpoint><CustomEndpoints>"
					+ "<member>orders.cluster-custom-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com</member></CustomEndpoints>"
					+ "<DbClusterResourceId>cluster-ABCDEFGHIJKL01234</DbClusterResourceId>"
					+ "<IAMDatabaseAuthenticationEnabled>true</IAMDatabaseAuthenticationEnabled>"
					+ "</DBCluster></DBClusters>",
			"DescribeDBProxies",
			"<DBProxies><member><DBProxyName>orders</DBProxyName><DBProxyArn>arn:aws:rds:eu-west-1:123456789012:db-proxy:prx-0123456789abcdef0"
					+ "</DBProxyArn><Endpoint>orders.proxy-c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com</Endpoint>"
					+ "</member></DBProxies>",
			"GetCallerIdentity", "<Arn>arn:aws:sts::123456789012:assumed-role/orders-service/blue</Arn>");

	private final HttpServer server;

	private final List<String> actions = new CopyOnWriteArrayList<>();

	FakeAws() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.createContext("/", this::answer);
		this.server.start();
	}

	String url() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort();
	}

	List<String> actions() {
		return List.copyOf(this.actions);
	}

	private void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
			String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
			String answer = (target != null) ? "{}" : xml(request);
			this.actions.add((target != null) ? target.substring(target.indexOf('.') + 1) : action(request));
			byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
			exchange.getResponseHeaders()
				.set("Content-Type", (target != null) ? "application/x-amz-json-1.1" : "text/xml");
			exchange.sendResponseHeaders(200, bytes.length);
			exchange.getResponseBody().write(bytes);
		}
	}

	private static String xml(String request) {
		String action = action(request);
		return "<" + action + "Response><" + action + "Result>" + ANSWERS.getOrDefault(action, "") + "</" + action
				+ "Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></" + action + "Response>";
	}

	private static String action(String request) {
		Matcher action = Pattern.compile("(?:^|&)Action=(\\w+)").matcher(request);
		return action.find() ? action.group(1) : "None";
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
