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

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What texts can be host names or IP addresses, and how a host name is written when
 * something is signed for it.
 */
final class HostNames {

	private static final int LONGEST = 253;

	private static final Pattern NAME = Pattern.compile("[\\w-]{1,63}(?:\\.[\\w-]{1,63})*");

	// Also what only the resolver takes for an address, such as 127.1.
	private static final Pattern NUMBERS = Pattern.compile("\\d+(?:\\.\\d+){0,3}");

	private static final Pattern IPV6 = Pattern.compile("(?=.*:.*:)[0-9A-Fa-f:.]+(?:%[\\w.-]+)?");

	private HostNames() {
	}

	/**
	 * Write a host name in lower case and without spaces around it and a dot at its end.
	 * What has other letters than those of ASCII is no host name, and must not become one
	 * by this: the lower case of the Kelvin sign is a k.
	 */
	static String normalize(String hostname) {
		String stripped = hostname.strip();
		if (!stripped.chars().allMatch((character) -> character < 128)) {
			return stripped;
		}
		String lowerCase = stripped.toLowerCase(Locale.ROOT);
		return lowerCase.endsWith(".") ? lowerCase.substring(0, lowerCase.length() - 1) : lowerCase;
	}

	static boolean isName(String text) {
		String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
		return name.length() <= LONGEST && NAME.matcher(name).matches() && !NUMBERS.matcher(name).matches();
	}

	static boolean isAddress(String text) {
		boolean inBrackets = text.startsWith("[") && text.endsWith("]");
		return NUMBERS.matcher(text).matches()
				|| IPV6.matcher(inBrackets ? text.substring(1, text.length() - 1) : text).matches();
	}

}
