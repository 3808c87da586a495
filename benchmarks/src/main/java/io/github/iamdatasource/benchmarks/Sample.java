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

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/**
 * Measurements of one thing.
 */
final class Sample {

	private static final int RESAMPLES = 10_000;

	private final double[] sorted;

	Sample(double... values) {
		this.sorted = values.clone();
		Arrays.sort(this.sorted);
	}

	/**
	 * The quotients of measurements that were taken in pairs, one soon after the other,
	 * so that what slows the machine for a while slows both.
	 * @param values what to divide
	 * @param baseline what to divide it by, in the same order
	 * @return a quotient for each pair
	 */
	static Sample ratios(double[] values, double[] baseline) {
		double[] ratios = new double[values.length];
		for (int i = 0; i < values.length; i++) {
			ratios[i] = values[i] / baseline[i];
		}
		return new Sample(ratios);
	}

	double median() {
		return quantile(0.5);
	}

	double maximum() {
		return this.sorted[this.sorted.length - 1];
	}

	/**
	 * A quantile, interpolated between the two measurements next to it.
	 * @param fraction from 0 to 1
	 * @return the quantile
	 */
	double quantile(double fraction) {
		double position = fraction * (this.sorted.length - 1);
		int below = (int) position;
		int above = Math.min(below + 1, this.sorted.length - 1);
		return this.sorted[below] + (position - below) * (this.sorted[above] - this.sorted[below]);
	}

	/**
	 * The median's 95 % confidence interval, by bootstrap. The same measurements always
	 * give the same interval.
	 * @return its ends
	 */
	double[] medianInterval() {
		Random random = new Random(42);
		double[] medians = new double[RESAMPLES];
		double[] resample = new double[this.sorted.length];
		for (int i = 0; i < RESAMPLES; i++) {
			for (int j = 0; j < resample.length; j++) {
				resample[j] = this.sorted[random.nextInt(this.sorted.length)];
			}
			medians[i] = new Sample(resample).median();
		}
		Sample distribution = new Sample(medians);
		return new double[] { distribution.quantile(0.025), distribution.quantile(0.975) };
	}

	/**
	 * Tell the median, the quartiles and the median's confidence interval.
	 * @return such as {@code 1.012 (quartiles 1.001–1.020, 95 % of the median
	 * 1.005–1.016)}
	 */
	String describe() {
		double[] interval = medianInterval();
		return String.format(Locale.ROOT, "%.3f (quartiles %.3f–%.3f, 95 %% of the median %.3f–%.3f)", median(),
				quantile(0.25), quantile(0.75), interval[0], interval[1]);
	}

}
