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

import java.time.Duration;
import java.time.Instant;

import io.github.iamdatasource.emulator.Engine;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.jdbctemplate.JdbcTemplateLockProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.TriggerBuilder;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What runs jobs and keeps in the database which of them have run.
 */
@ExtendWith(Databases.Resolver.class)
class JobTests {

	private final Database database;

	JobTests(Databases databases) {
		this.database = databases.of(Engine.POSTGRESQL);
	}

	@Test
	void batchKeepsItsJobsInTheDatabase() throws Exception {
		try (RunningApplication application = Application.on(this.database, BatchJob.class)
			.with(Library.BATCH)
			.with("spring.batch.jdbc.initialize-schema", "always")
			.with("spring.batch.job.enabled", "false")
			.run()) {
			JdbcTemplate jdbc = application.bean(JdbcTemplate.class);
			jdbc.execute("create table batch_orders (item text)");
			JobOperator jobs = application.bean(JobOperator.class);
			Job job = application.bean(Job.class);
			application.throughout(() -> assertThat(
					jobs.start(job, new JobParametersBuilder().addLong("run", System.nanoTime()).toJobParameters())
						.getStatus())
				.isEqualTo(BatchStatus.COMPLETED));
			assertThat(count(jdbc, "batch_orders")).isEqualTo(3);
			assertThat(count(jdbc, "batch_step_execution where status = 'COMPLETED'")).isEqualTo(3);
		}
	}

	@Test
	void quartzKeepsItsJobsInTheDatabase() throws Exception {
		try (RunningApplication application = Application.on(this.database)
			.with(Library.QUARTZ)
			.with("spring.quartz.job-store-type", "jdbc")
			.with("spring.quartz.jdbc.initialize-schema", "always")
			.with("spring.quartz.properties.org.quartz.jobStore.driverDelegateClass",
					"org.quartz.impl.jdbcjobstore.PostgreSQLDelegate")
			.with("spring.quartz.properties.org.quartz.threadPool.threadCount", "2")
			.run()) {
			JdbcTemplate jdbc = application.bean(JdbcTemplate.class);
			jdbc.execute("create table quartz_orders (item text)");
			Scheduler scheduler = application.bean(Scheduler.class);
			JobKey key = JobKey.jobKey("order");
			scheduler.addJob(JobBuilder.newJob(QuartzJob.class).withIdentity(key).storeDurably().build(), false);
			application.throughout(() -> {
				long before = count(jdbc, "quartz_orders");
				scheduler.scheduleJob(TriggerBuilder.newTrigger().forJob(key).startNow().build());
				Awaitility.await()
					.atMost(Duration.ofMinutes(1))
					.until(() -> count(jdbc, "quartz_orders") == before + 1);
			});
			assertThat(scheduler.getMetaData().isJobStoreSupportsPersistence()).isTrue();
			assertThat(count(jdbc, "qrtz_job_details where job_name = 'order'")).isOne();
		}
	}

	@Test
	void shedLockLocksInTheDatabase() throws Exception {
		try (RunningApplication application = Application.on(this.database, ShedLock.class).run()) {
			JdbcTemplate jdbc = application.bean(JdbcTemplate.class);
			jdbc.execute("create table shedlock (name varchar(64) primary key, lock_until timestamp not null,"
					+ " locked_at timestamp not null, locked_by varchar(255) not null)");
			LockProvider locks = application.bean(LockProvider.class);
			application.throughout(() -> {
				SimpleLock lock = locks.lock(order()).orElseThrow();
				assertThat(locks.lock(order())).isEmpty();
				lock.unlock();
			});
			assertThat(count(jdbc, "shedlock")).isOne();
		}
	}

	private static LockConfiguration order() {
		return new LockConfiguration(Instant.now(), "order", Duration.ofMinutes(5), Duration.ZERO);
	}

	private static long count(JdbcTemplate jdbc, String table) {
		Long count = jdbc.queryForObject("select count(*) from " + table, Long.class);
		return (count != null) ? count : 0;
	}

	@Configuration(proxyBeanMethods = false)
	static class BatchJob {

		@Bean
		Job order(JobRepository repository, PlatformTransactionManager transactions, JdbcTemplate jdbc) {
			return new org.springframework.batch.core.job.builder.JobBuilder("order", repository)
				.start(new StepBuilder("insert", repository).tasklet((contribution, chunk) -> {
					jdbc.update("insert into batch_orders values ('tea')");
					return RepeatStatus.FINISHED;
				}, transactions).build())
				.build();
		}

	}

	static class QuartzJob implements org.quartz.Job {

		private final JdbcTemplate jdbc;

		QuartzJob(JdbcTemplate jdbc) {
			this.jdbc = jdbc;
		}

		@Override
		public void execute(JobExecutionContext context) {
			this.jdbc.update("insert into quartz_orders values ('tea')");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ShedLock {

		@Bean
		LockProvider lockProvider(JdbcTemplate jdbc) {
			return new JdbcTemplateLockProvider(
					JdbcTemplateLockProvider.Configuration.builder().withJdbcTemplate(jdbc).usingDbTime().build());
		}

	}

}
