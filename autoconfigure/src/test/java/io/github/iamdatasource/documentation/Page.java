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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param path where it is
 * @param text the whole of it
 */
public record Page(Path path, String text) {

	private static final Pattern BLOCK = Pattern.compile("^( *)```(\\w*)\n(.*?)\n *```$",
			Pattern.DOTALL | Pattern.MULTILINE);

	/**
	 * Read a page.
	 * @param path such as {@code docs/tls.md}, from the root of the project
	 * @return the page
	 */
	public static Page of(String path) {
		return of(Path.of("..", path));
	}

	private static Page of(Path path) {
		try {
			return new Page(path, Files.readString(path));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return what users of the starter read.
	 * @return the README and the pages of the guide
	 */
	public static List<Page> guide() {
		try (Stream<Path> docs = Files.list(Path.of("../docs"))) {
			return Stream
				.concat(Stream.of(Path.of("../README.md")), docs.filter((path) -> path.toString().endsWith(".md")))
				.sorted()
				.map(Page::of)
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the guide and the README of each module that has one.
	 * @return all pages that lead to each other
	 */
	static List<Page> all() {
		try (Stream<Path> modules = Files.list(Path.of(".."))) {
			return Stream
				.concat(guide().stream(),
						modules.map((module) -> module.resolve("README.md")).filter(Files::exists).map(Page::of))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the blocks of code in a language.
	 * @param language as it stands after the fence
	 * @return the blocks, without the indentation that they have in a list
	 */
	public List<Block> blocks(String language) {
		return BLOCK.matcher(this.text)
			.results()
			.filter((block) -> block.group(2).equals(language))
			.map((block) -> new Block(this, (int) this.text.substring(0, block.start()).lines().count() + 1,
					unindented(block.group(3), block.group(1).length())))
			.toList();
	}

	/**
	 * Return the page without its blocks of code.
	 * @return what is to be read by people
	 */
	String prose() {
		return BLOCK.matcher(this.text).replaceAll("");
	}

	/**
	 * Return what links may lead to.
	 * @return the headings' anchors, as GitHub makes them
	 */
	List<String> anchors() {
		Map<String, Integer> seen = new HashMap<>();
		return prose().lines()
			.filter((line) -> line.matches("#+ .*"))
			.map((line) -> line.replaceFirst("^#+ ", "")
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^\\w -]", "")
				.replace(' ', '-'))
			.map((anchor) -> {
				int times = seen.merge(anchor, 1, Integer::sum);
				return (times > 1) ? anchor + "-" + (times - 1) : anchor;
			})
			.toList();
	}

	private static String unindented(String block, int indentation) {
		return Arrays.stream(block.split("\n"))
			.map((line) -> line.substring(Math.min(indentation, line.length())))
			.collect(Collectors.joining("\n"));
	}

	@Override
	public String toString() {
		return Path.of("..").relativize(this.path).toString();
	}

	/**
	 * A block of code.
	 *
	 * @param page where it stands
	 * @param line where its fence begins
	 * @param text what is in it
	 */
	public record Block(Page page, int line, String text) {

		@Override
		public String toString() {
			return this.page + ":" + this.line;
		}

	}

}
