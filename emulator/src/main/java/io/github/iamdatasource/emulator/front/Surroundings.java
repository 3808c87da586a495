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
package io.github.iamdatasource.emulator.front;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

import javax.net.ssl.SSLContext;

/**
 * What all clients of a front share.
 *
 * @param tls the server's certificate and key
 * @param backend the server behind
 * @param policy who may log in
 * @param timeouts closes clients that take too long
 * @param loginTimeout how long is too long
 */
record Surroundings(SSLContext tls, InetSocketAddress backend, LoginPolicy policy, ScheduledExecutorService timeouts,
		Duration loginTimeout) {
}
