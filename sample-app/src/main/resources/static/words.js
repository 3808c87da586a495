// Times and durations, as they are written in answers and as people read them.

const ISO = /^PT(?:(-?\d+)H)?(?:(-?\d+)M)?(?:(-?[\d.]+)S)?$/;

/** Seconds of a duration such as PT14M56S, or undefined. */
export function seconds(duration) {
	const parts = ISO.exec(duration ?? "");
	return parts ? Number(parts[1] ?? 0) * 3600 + Number(parts[2] ?? 0) * 60 + Number(parts[3] ?? 0) : undefined;
}

/** A number of seconds in words, such as "14 min 56 s". */
export function lasting(number) {
	if (number === undefined) {
		return undefined;
	}
	const sign = number < 0 ? "\u2212" : "";
	const size = Math.abs(number);
	if (size > 0 && size < 1) {
		return `${sign}${Math.round(size * 1000)}\u00a0ms`;
	}
	const whole = Math.floor(size);
	const parts = [[Math.floor(whole / 3600), "h"], [Math.floor(whole / 60) % 60, "min"], [whole % 60, "s"]];
	const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}\u00a0${unit}`);
	return sign + (said.join(" ") || "0\u00a0s");
}

const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

const DATE = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });

/** The time of day. */
export function clock(at) {
	return CLOCK.format(new Date(at));
}

/** The day. */
export function day(at) {
	return at === undefined ? undefined : DATE.format(new Date(at));
}
