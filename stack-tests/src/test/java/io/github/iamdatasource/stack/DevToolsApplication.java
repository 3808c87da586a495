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
package io.github.iamdatasource.stack;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import javax.sql.DataSource;

import io.github.iamdatasource.autoconfigure.PooledIamDataSource;
import io.github.iamdatasource.jdbc.IamDataSource;
import org.awaitility.Awaitility;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * An application that restarts itself once, as when a developer has changed a class, and
 * tells then what is left of its first life.
 */
@SpringBootApplication(proxyBeanMethods = false)
public final class DevToolsApplication {

	private DevToolsApplication() {
	}

	public static void main(String[] args) {
		ConfigurableApplicationContext context = SpringApplication.run(DevToolsApplication.class, args);
		Restarter restarter = Restarter.getInstance();
		List<WeakReference<IamDataSource>> lives = lives(restarter);
		lives.add(new WeakReference<>(
				Objects.requireNonNull(PooledIamDataSource.under(context.getBean(DataSource.class)))));
		System.out.println("Life " + lives.size() + " as "
				+ context.getBean(JdbcTemplate.class).queryForObject("select current_user", String.class)
				+ ", starter from " + IamDataSource.class.getClassLoader().getClass().getSimpleName());
		if (lives.size() == 1) {
			restarter.restart();
		}
		else {
			tellWhatIsLeft(lives.get(0));
			System.exit(0);
		}
	}

	private static void tellWhatIsLeft(WeakReference<IamDataSource> first) {
		Awaitility.await("Data source of the first life is gone").atMost(Duration.ofMinutes(1)).until(() -> {
			System.gc();
			return first.get() == null;
		});
		// Those that sign end by themselves.
		Awaitility.await("Threads of the first life are gone")
			.atMost(Duration.ofMinutes(1))
			.until(() -> threads("iam-datasource-signing") == 0);
		System.out.println("Refreshers: " + threads("iam-datasource-refresher"));
	}

	private static long threads(String name) {
		return Thread.getAllStackTraces().keySet().stream().filter((thread) -> thread.getName().equals(name)).count();
	}

	/** Held by what is not restarted. */
	@SuppressWarnings("unchecked")
	private static List<WeakReference<IamDataSource>> lives(Restarter restarter) {
		return (List<WeakReference<IamDataSource>>) restarter.getOrAddAttribute("lives",
				() -> new ArrayList<WeakReference<IamDataSource>>());
	}

}
