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

import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject.Kind;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import io.github.iamdatasource.documentation.Page.Block;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The Java of the guide is complete, and compiles.
 */
class JavaBlockTests {

	@TempDir
	private Path classes;

	static Stream<Block> blocks() {
		return Page.guide().stream().flatMap((page) -> page.blocks("java").stream());
	}

	@ParameterizedTest
	@MethodSource("blocks")
	void everyClassCompiles(Block block) {
		assertThat(compile(block.text())).isEmpty();
	}

	@Test
	void classThatDoesNotCompileIsFound() {
		assertThat(compile("class Wrong { int size = \"two\"; }")).contains("incompatible types");
	}

	/** All that is wrong with it. */
	private String compile(String source) {
		Matcher name = Pattern.compile("\\b(?:class|interface|record) (\\w+)").matcher(source);
		assertThat(name.find()).as("a whole class").isTrue();
		SimpleJavaFileObject file = new SimpleJavaFileObject(URI.create("string:///" + name.group(1) + ".java"),
				Kind.SOURCE) {

			@Override
			public CharSequence getCharContent(boolean ignoreEncodingErrors) {
				return source;
			}

		};
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		StringWriter problems = new StringWriter();
		compiler
			.getTask(problems, null, null,
					List.of("-proc:none", "-d", this.classes.toString(), "-classpath",
							System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))),
					null, List.of(file))
			.call();
		return problems.toString();
	}

}
