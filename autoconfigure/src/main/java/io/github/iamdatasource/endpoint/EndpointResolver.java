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

/**
 * Tells what to sign for, given where a connection goes to. Asked for each connection and
 * each host, so that no token goes to another host than the one that it was signed for.
 */
@FunctionalInterface
public interface EndpointResolver {

	/**
	 * Return the endpoint that answers at an address.
	 * @param address where a connection goes to
	 * @return what to sign for
	 * @throws InvalidSettingException if there is no endpoint to sign for
	 */
	DatabaseEndpoint resolve(HostAndPort address);

}
