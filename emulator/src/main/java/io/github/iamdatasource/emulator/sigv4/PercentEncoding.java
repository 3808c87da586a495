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

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding as Signature Version 4 wants it: UTF-8, upper-case hexadecimal digits,
 * and a plus sign is a plus sign.
 */
final class PercentEncoding {

	private static final String HEX = "0123456789ABCDEF";

	private static final String UNRESERVED = "-._~";

	/** What RFC 3986 lets stand in a query besides the unreserved. */
	private static final String QUERY = "!$'()*+,;=:@/?";

	private PercentEncoding() {
	}

	static String encode(String text) {
		StringBuilder encoded = new StringBuilder(text.length() + 16);
		for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
			if (isUnreserved((char) (b & 0xFF))) {
				encoded.append((char) b);
			}
			else {
				encoded.append('%').append(HEX.charAt((b >> 4) & 0xF)).append(HEX.charAt(b & 0xF));
			}
		}
		return encoded.toString();
	}

	static String decode(String encoded) throws MalformedException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
		for (int i = 0; i < encoded.length(); i++) {
			char c = encoded.charAt(i);
			if (c == '%') {
				bytes.write(hexDigit(encoded, i + 1) * 16 + hexDigit(encoded, i + 2));
				i += 2;
			}
			else if (isUnreserved(c) || QUERY.indexOf(c) >= 0) {
				bytes.write(c);
			}
			else {
				throw new MalformedException();
			}
		}
		try {
			return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
		}
		catch (CharacterCodingException ex) {
			throw new MalformedException();
		}
	}

	private static int hexDigit(String encoded, int index) throws MalformedException {
		int digit = (index < encoded.length()) ? HEX.indexOf(encoded.charAt(index)) : -1;
		if (digit < 0) {
			throw new MalformedException();
		}
		return digit;
	}

	private static boolean isUnreserved(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || UNRESERVED.indexOf(c) >= 0;
	}

}
