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
package io.github.iamdatasource.benchmarks;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link Sample}.
 */
class SampleTests {

	@Test
	void quantilesAreInterpolated() {
		Sample sample = new Sample(40, 10, 30, 20);
		assertThat(sample.quantile(0)).isEqualTo(10);
		assertThat(sample.median()).isEqualTo(25);
		assertThat(sample.quantile(0.25)).isEqualTo(17.5);
		assertThat(sample.maximum()).isEqualTo(40);
	}

	@Test
	void ratiosAreThoseOfPairsAndNotOfMedians() {
		// The machine was three times slower while the last pair was measured.
		Sample ratios = Sample.ratios(new double[] { 11, 11, 33 }, new double[] { 10, 10, 30 });
		assertThat(ratios.quantile(0)).isEqualTo(1.1, within(1e-9));
		assertThat(ratios.maximum()).isEqualTo(1.1, within(1e-9));
	}

	@Test
	void intervalOfTheMedianEnclosesItAndRepeats() {
		double[] values = new double[41];
		for (int i = 0; i < values.length; i++) {
			values[i] = 100 + i;
		}
		Sample sample = new Sample(values);
		double[] interval = sample.medianInterval();
		assertThat(interval[0]).isBetween(100.0, 119.0);
		assertThat(interval[1]).isBetween(121.0, 140.0);
		assertThat(new Sample(values).medianInterval()).containsExactly(interval);
	}

}
