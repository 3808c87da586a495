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
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.github.iamdatasource.documentation.Page.Block;

import org.springframework.boot.env.PropertiesPropertySourceLoader;
import org.springframework.boot.env.PropertySourceLoader;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

/**
 * Reads the configuration that the documentation shows, as Spring Boot would.
 */
final class ConfigurationBlocks {

	private ConfigurationBlocks() {
	}

	static Stream<Block> of(Page page) {
		return Stream.of("yaml", "yml", "properties").flatMap((language) -> page.blocks(language).stream());
	}

	static Map<String, Object> read(Block block) throws IOException {
		boolean properties = block.page().blocks("properties").contains(block);
		return read(properties ? new PropertiesPropertySourceLoader() : new YamlPropertySourceLoader(), block.text());
	}

	static Map<String, Object> readYaml(String yaml) throws IOException {
		return read(new YamlPropertySourceLoader(), yaml);
	}

	private static Map<String, Object> read(PropertySourceLoader loader, String text) throws IOException {
		Map<String, Object> all = new LinkedHashMap<>();
		for (PropertySource<?> source : loader.load("block",
				new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)))) {
			EnumerablePropertySource<?> enumerable = (EnumerablePropertySource<?>) source;
			for (String name : enumerable.getPropertyNames()) {
				all.put(name, String.valueOf(enumerable.getProperty(name)));
			}
		}
		return all;
	}

}
