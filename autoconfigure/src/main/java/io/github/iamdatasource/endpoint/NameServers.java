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
package io.github.iamdatasource.endpoint;

import java.time.Duration;
import java.util.List;

/**
 * Who is asked for what a name is an alias of.
 */
interface NameServers {

	/**
	 * Ask for the name that a name is an alias of.
	 * @param name a host name without a trailing dot
	 * @param patience how long to wait for an answer, at most
	 * @return nothing if the name exists and is no alias, otherwise the name that it is
	 * an alias of, followed, if the server told, by the name which that is an alias of,
	 * and so on
	 * @throws NameServerException if the name does not exist, or there is no answer
	 */
	List<String> aliased(String name, Duration patience) throws NameServerException;

}
