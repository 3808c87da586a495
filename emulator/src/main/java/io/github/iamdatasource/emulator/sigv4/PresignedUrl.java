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
package io.github.iamdatasource.emulator.sigv4;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * A presigned {@code GET} of the root path, as an authentication token is one:
 * {@code host:port/?name=value&…} without its scheme. The AWS SDK for Go v1 leaves out
 * the slash, and signs the root path all the same. Every parameter occurs once.
 */
public final class PresignedUrl {

	private static final String SIGNATURE = "X-Amz-Signature";

	private final String authority;

	private final Map<String, String> parameters;

	private PresignedUrl(String authority, Map<String, String> parameters) {
		this.authority = authority;
		this.parameters = parameters;
	}

	/**
	 * Takes the text apart, strictly.
	 * @param url the URL without its scheme
	 * @return its parts
	 * @throws MalformedException if it is not of that form
	 */
	public static PresignedUrl parse(String url) throws MalformedException {
		int question = url.indexOf('?');
		if (question < 0) {
			throw new MalformedException();
		}
		String authority = url.substring(0, url.startsWith("/?", question - 1) ? question - 1 : question);
		if (authority.indexOf('/') >= 0) {
			throw new MalformedException();
		}
		Map<String, String> parameters = new TreeMap<>();
		for (String parameter : url.substring(question + 1).split("&", -1)) {
			int equals = parameter.indexOf('=');
			if (equals <= 0) {
				throw new MalformedException();
			}
			String name = PercentEncoding.decode(parameter.substring(0, equals));
			String value = PercentEncoding.decode(parameter.substring(equals + 1));
			if (parameters.put(name, value) != null) {
				throw new MalformedException();
			}
		}
		return new PresignedUrl(authority, parameters);
	}

	/**
	 * Everything before the path.
	 * @return host, colon, port
	 */
	public String authority() {
		return this.authority;
	}

	/**
	 * A parameter's decoded value.
	 * @param name the parameter
	 * @return the value, or {@code null} if there is no such parameter
	 */
	public @Nullable String parameter(String name) {
		return this.parameters.get(name);
	}

	/**
	 * The value of a parameter that has to be there.
	 * @param name the parameter
	 * @return the value
	 * @throws MalformedException if there is no such parameter
	 */
	public String requiredParameter(String name) throws MalformedException {
		String value = this.parameters.get(name);
		if (value == null) {
			throw new MalformedException();
		}
		return value;
	}

	/**
	 * The signature that it carries.
	 * @return lower-case hexadecimal digits, if all is well
	 * @throws MalformedException if there is none
	 */
	public String signature() throws MalformedException {
		return requiredParameter(SIGNATURE);
	}

	/**
	 * What is signed. The order of the parameters is that of their encoded names,
	 * whatever order the signer wrote them in.
	 */
	String canonicalRequest() {
		String query = this.parameters.entrySet()
			.stream()
			.filter((parameter) -> !parameter.getKey().equals(SIGNATURE))
			.map((parameter) -> Map.entry(PercentEncoding.encode(parameter.getKey()),
					PercentEncoding.encode(parameter.getValue())))
			.sorted(Map.Entry.comparingByKey())
			.map((parameter) -> parameter.getKey() + "=" + parameter.getValue())
			.collect(Collectors.joining("&"));
		return "GET\n/\n" + query + "\nhost:" + this.authority + "\n\nhost\n" + Sigv4.sha256("");
	}

}
