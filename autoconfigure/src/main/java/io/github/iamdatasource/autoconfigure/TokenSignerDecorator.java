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

import io.github.iamdatasource.endpoint.DatabaseEndpoint;
import io.github.iamdatasource.token.TokenSigner;

/**
 * Puts something around what signs the tokens, such as an observation. All beans of this
 * type are asked, in their order, once for each endpoint.
 */
@FunctionalInterface
public interface TokenSignerDecorator {

	/**
	 * Put something around a signer.
	 * @param signer the signer
	 * @param dataSource name of the data source, as its meters have it
	 * @param endpoint what its tokens are for
	 * @return what is to sign in its place
	 */
	TokenSigner decorate(TokenSigner signer, String dataSource, DatabaseEndpoint endpoint);

}
