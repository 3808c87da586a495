import { clock, lasting } from "./words.js";

const SHOWN = 30 * 60_000;

const HEIGHT = 240;

const MARGIN = { top: 18, right: 14, bottom: 28, left: 62 };

const HEIGHTS = [30, 60, 120, 300, 600, 900, 1200, 3600];

const STEPS = [15, 30, 60, 120, 300, 600].map((step) => step * 1000);

/** The tokens that were seen, as they follow from what each poll told. */
export class TokenHistory {

	/** Oldest first: when it was signed and last seen, by the clock of this machine. */
	tokens = [];

	/** Seconds from signing to expiry. */
	lifetime;

	/**
	 * Take in what a poll told.
	 * @param {{at: number, signedAt: string, age: number, expiresIn: number, signatures: number}} told
	 */
	add(told) {
		if (told.signedAt === undefined || told.age === undefined) {
			return;
		}
		this.lifetime = told.expiresIn === undefined ? undefined : told.age + told.expiresIn;
		const start = told.at - told.age * 1000;
		const last = this.tokens.at(-1);
		if (last?.signedAt === told.signedAt && told.signatures >= last.signatures) {
			// An age is whole seconds, cut off: the earliest guess is the nearest.
			last.start = Math.min(last.start, start);
			this.#fall();
			last.end = told.at;
			last.signatures = told.signatures;
			return;
		}
		if (last) {
			// No more signatures than before are those of another process.
			last.restarted = told.signatures <= last.signatures;
			last.replaced = true;
		}
		this.tokens.push({ signedAt: told.signedAt, start, end: told.at, signatures: told.signatures,
			follows: Boolean(last) && !last.restarted, joins: told.signatures === last?.signatures + 1 });
		this.#fall();
		this.tokens = this.tokens.filter((token) => token.end > told.at - SHOWN);
	}

	/** The token before the newest lasted until that one was signed, if no other was between. */
	#fall() {
		const [before, newest] = this.tokens.slice(-2);
		if (newest?.joins) {
			before.end = Math.max(before.start, newest.start);
		}
	}

	/** How many refreshes can be seen. */
	get refreshes() {
		return this.tokens.filter((token) => token.follows).length;
	}

}

/**
 * Draw a history into an SVG element, as wide as that is.
 * @returns {boolean} whether the end of a token's life is low enough to be on it
 */
export function draw(svg, history, now) {
	const width = Math.max(svg.clientWidth, 200);
	const right = width - MARGIN.right;
	const bottom = HEIGHT - MARGIN.bottom;
	const first = history.tokens[0]?.start ?? now;
	const from = Math.min(Math.max(first, now - SHOWN), now - 60_000);
	const oldest = Math.max(0, ...history.tokens.map((token) => (token.end - token.start) / 1000));
	const top = HEIGHTS.find((height) => height >= oldest * 1.1) ?? oldest * 1.1;
	const x = (at) => MARGIN.left + (Math.max(at, from) - from) / (now - from) * (right - MARGIN.left);
	const y = (age) => bottom - age / top * (bottom - MARGIN.top);
	const parts = [];

	for (const age of [0, top / 2, top]) {
		parts.push(shape("line", "grid", { x1: MARGIN.left, x2: right, y1: y(age), y2: y(age) }),
			label("age", MARGIN.left - 8, y(age) + 4, "end", lasting(age)));
	}
	const step = STEPS.find((candidate) => (now - from) / candidate <= (right - MARGIN.left) / 85) ?? SHOWN;
	for (let at = Math.ceil(from / step) * step; at <= now; at += step) {
		if (x(at) < right - 25) {
			parts.push(shape("line", "grid", { x1: x(at), x2: x(at), y1: bottom, y2: bottom + 5 }),
				label("time", x(at), bottom + 20, "middle", clock(at)));
		}
	}
	const ends = history.lifetime !== undefined && history.lifetime <= top;
	if (ends) {
		parts.push(shape("line", "end",
			{ x1: MARGIN.left, x2: right, y1: y(history.lifetime), y2: y(history.lifetime) }));
	}
	for (const token of history.tokens.filter((token) => token.follows && token.start >= from)) {
		parts.push(shape("line", "refresh", { x1: x(token.start), x2: x(token.start), y1: MARGIN.top, y2: bottom }),
			shape("path", "refresh-mark", { d: `M${x(token.start) - 6} ${MARGIN.top - 10}h12l-6 10z` }));
	}
	parts.push(shape("path", "age", { d: sawtooth(history.tokens, from, x, y) }));
	const newest = history.tokens.at(-1);
	if (newest) {
		parts.push(shape("circle", "now", { cx: x(newest.end), cy: y((newest.end - newest.start) / 1000), r: 4 }));
	}

	svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
	svg.replaceChildren(svg.querySelector("title"), svg.querySelector("desc"), ...parts);
	return ends;
}

function sawtooth(tokens, from, x, y) {
	return tokens.map((token, index) => {
		const start = Math.max(token.start, from);
		return `${index > 0 && token.joins ? "L" : "M"}${x(start).toFixed(1)} ${y((start - token.start) / 1000).toFixed(1)}`
			+ `L${x(token.end).toFixed(1)} ${y((token.end - token.start) / 1000).toFixed(1)}`;
	}).join("");
}

function label(name, x, y, anchor, text) {
	const element = shape("text", name, { x, y, "text-anchor": anchor });
	element.textContent = text;
	return element;
}

/** An SVG element. */
export function shape(kind, name, attributes) {
	const element = document.createElementNS("http://www.w3.org/2000/svg", kind);
	element.setAttribute("class", name);
	Object.entries(attributes).forEach(([attribute, value]) => element.setAttribute(attribute, value));
	return element;
}
