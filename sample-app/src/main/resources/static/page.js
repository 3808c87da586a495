import { TokenHistory, draw, shape } from "./chart.js";
import { MEMBERS, METERS, read } from "./members.js";
import { clock, day, lasting, seconds } from "./words.js";

const INTERVAL = 2000;

const PATIENCE = 5000;

/** What is told of a data source, beneath each other: a name, and its text if there is one. */
const FACTS = {
	token: [
		["State", (of) => read(of, MEMBERS.state)],
		["Age", (of) => lasting(seconds(read(of, MEMBERS.age)))],
		["Expires in", (of) => lasting(seconds(read(of, MEMBERS.expiresIn)))],
		["Tokens signed", (of) => read(of, MEMBERS.signatures)],
		["Refreshes", (of) => read(of, MEMBERS.refreshes)],
		["Failed to sign", (of) => read(of, MEMBERS.failures)],
		["Last failure", (of) => read(of, MEMBERS.signingProblem)],
		["What to do", (of) => read(of, MEMBERS.signingAction)],
		["Endpoint", (of) => read(of, MEMBERS.endpoint)],
		["Database user", (of) => read(of, MEMBERS.username)],
		["Region", (of) => read(of, MEMBERS.region)]
	],
	tls: [
		["Verified", (of) => read(of, MEMBERS.tlsMode)],
		["Protocol", (of) => read(of, MEMBERS.tlsProtocol)],
		["Ciphers", (of) => read(of, MEMBERS.tlsCipherSuite)],
		["Server", (of) => read(of, MEMBERS.tlsPeerSubject)],
		["Vouched for by", (of) => read(of, MEMBERS.tlsPeerIssuer)],
		["Certificate ends", (of) => day(read(of, MEMBERS.tlsPeerExpiresAt))]
	],
	credentials: [
		["Source", (of) => read(of, MEMBERS.credentialsSource) ?? "none yet"],
		["Access key ends with", (of) => read(of, MEMBERS.accessKeyEnding)],
		["They end", (of) => lasting(seconds(read(of, MEMBERS.credentialsExpireIn))) ?? "never"],
		["Whose they are", (of) => read(of, MEMBERS.caller)],
		["Refused", (of) => read(of, MEMBERS.refusal)]
	]
};

const state = document.getElementById("state");

const pause = document.getElementById("pause");

/** What is shown of each data source, by its name. */
const shown = new Map();

/** The names of the meters that the application has; unknown after it was away. */
let meters;

let answeredAt;

let paused = false;

class Refused extends Error {
}

async function ask(path) {
	const answer = await fetch(path, { headers: { Accept: "application/json" }, cache: "no-store",
		signal: AbortSignal.timeout(PATIENCE) });
	if (!answer.ok) {
		throw new Refused(`${path} answers with status ${answer.status}`);
	}
	return answer.json();
}

async function poll() {
	try {
		const { dataSources } = await ask("actuator/iamdatasource");
		showDataSources(dataSources, Date.now());
		showPool(await askPool());
		answeredAt = Date.now();
		say("answers", `Read every ${INTERVAL / 1000} seconds.`);
	}
	catch (failure) {
		meters = undefined;
		const what = failure instanceof Refused ? failure.message : "The application does not answer";
		const since = answeredAt ? ` What is shown was so at ${clock(answeredAt)}.` : "";
		say("silent", `${what}. It is asked again every ${INTERVAL / 1000} seconds.${since}`);
	}
}

async function go() {
	if (!paused) {
		await poll();
	}
	setTimeout(go, INTERVAL);
}

/** Screen readers read out what changes here, so it changes seldom. */
function say(how, words) {
	// An answer that was waited for when the button was pressed is not worth telling.
	if (!paused) {
		write(state, words);
		document.body.dataset.state = how;
	}
}

pause.addEventListener("click", () => {
	paused = !paused;
	write(pause, paused ? "Go on" : "Pause");
	write(state, paused ? "Paused." : "Asking the application.");
	document.body.dataset.state = "paused";
});

/** Write a text unless it is there, so that a selection and the reader's place stay. */
function write(element, text) {
	if (element.textContent !== String(text)) {
		element.textContent = text;
	}
}

function showDataSources(dataSources, at) {
	for (const [name, view] of shown) {
		if (!(name in dataSources)) {
			view.article.remove();
			shown.delete(name);
		}
	}
	for (const [name, of] of Object.entries(dataSources)) {
		if (!shown.has(name)) {
			shown.set(name, create(name));
		}
		show(shown.get(name), of, at);
	}
}

function create(name) {
	const article = document.getElementById("data-source").content.cloneNode(true).querySelector("article");
	const identify = (element, what) => {
		element.id = `${what}-${name}`;
		return element.id;
	};
	write(article.querySelector("h2"), `Data source ${name}`);
	article.setAttribute("aria-labelledby", identify(article.querySelector("h2"), "heading"));
	article.querySelectorAll("section").forEach((section, index) => section.setAttribute("aria-labelledby",
		identify(section.querySelector("h3"), `section-${index}`)));
	const chart = article.querySelector(".chart");
	chart.setAttribute("aria-labelledby", identify(chart.querySelector("title"), "chart"));
	chart.setAttribute("aria-describedby", identify(chart.querySelector("desc"), "chart-words"));
	write(chart.querySelector("title"), `Age of the token of ${name} over time`);
	article.querySelector(".wide").setAttribute("aria-labelledby", identify(article.querySelector("caption"), "tokens"));
	for (const list of article.querySelectorAll("dl")) {
		FACTS[list.dataset.facts].forEach(([term]) => list.append(fact(term)));
	}
	document.getElementById("data-sources").append(article);
	const view = { article, chart, history: new TokenHistory(), at: Date.now() };
	new ResizeObserver(() => draw(chart, view.history, view.at)).observe(chart);
	return view;
}

function fact(term) {
	const row = document.createElement("div");
	row.append(document.createElement("dt"), document.createElement("dd"));
	row.firstChild.textContent = term;
	return row;
}

function show(view, of, at) {
	const { article, chart, history } = view;
	view.at = at;
	const age = seconds(read(of, MEMBERS.age));
	history.add({ at, age, signedAt: read(of, MEMBERS.signedAt), expiresIn: seconds(read(of, MEMBERS.expiresIn)),
		signatures: read(of, MEMBERS.signatures) });
	article.querySelector(".key-end").hidden = !draw(chart, history, at);
	write(chart.querySelector("desc"), summary(history, age));
	showTokens(article.querySelector(".tokens tbody"), history.tokens);
	showLogins(article.querySelector(".logins tbody"), read(of, MEMBERS.logins));
	showFailures(article.querySelector(".failures"), read(of, MEMBERS.lastFailures));
	for (const list of article.querySelectorAll("dl")) {
		FACTS[list.dataset.facts].forEach(([, text], index) => {
			const words = text(of);
			list.children[index].hidden = words === undefined;
			write(list.children[index].querySelector("dd"), words ?? "");
		});
	}
}

function summary(history, age) {
	if (age === undefined) {
		return "No token was signed yet.";
	}
	const refreshes = history.refreshes === 1 ? "1 refresh" : `${history.refreshes} refreshes`;
	return `The token is ${lasting(age)} old. Its age has grown since it was signed, after ${refreshes} on the chart. `
		+ "The table below has the same.";
}

function showTokens(body, tokens) {
	rows(body, [...tokens].reverse().map((token) => [clock(token.signedAt),
		lasting(Math.floor((token.end - token.start) / 1000)), token.replaced ? fate(token) : "in use"]));
}

function fate(token) {
	return token.restarted ? "the application was started anew" : "replaced by a refresh";
}

function showLogins(body, logins) {
	const counts = Object.entries(logins).map(([outcome, of]) => [outcome, read(of, MEMBERS.loginCount),
		read(of, MEMBERS.loginMeanTime)]);
	const all = counts.reduce((sum, [, count]) => sum + count, 0);
	rows(body, counts.map(([outcome, count, time]) => [outcome, count, "", lasting(seconds(time)) ?? "\u2013"]));
	counts.forEach(([outcome, count], index) => {
		const cell = body.rows[index].cells[2];
		const bar = cell.querySelector("svg") ?? cell.appendChild(shape("svg", "bar",
			{ viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }));
		bar.replaceChildren(shape("rect", `outcome-${outcome}`, { width: 100 * count / Math.max(1, all), height: 10 }));
	});
}

/** Fill a table whose first column heads the rows, with as few changes as possible. */
function rows(body, texts) {
	while (body.rows.length > texts.length) {
		body.lastElementChild.remove();
	}
	texts.forEach((row, index) => {
		const element = body.rows[index] ?? body.appendChild(document.createElement("tr"));
		row.forEach((text, column) => {
			const cell = element.cells[column]
				?? element.appendChild(document.createElement(column === 0 ? "th" : "td"));
			if (column === 0) {
				cell.scope = "row";
			}
			if (text !== "") {
				write(cell, text);
			}
		});
	});
}

function showFailures(list, failures) {
	const texts = failures.map((of) => {
		const sqlState = read(of, MEMBERS.failureSqlState);
		const action = read(of, MEMBERS.failureAction);
		return `${clock(read(of, MEMBERS.failureAt))}: ${read(of, MEMBERS.failureWhat)}`
			+ `${sqlState ? ` (SQL state ${sqlState})` : ""}. ${read(of, MEMBERS.failureProblem)}`
			+ `${action ? ` ${action}` : ""}`;
	});
	if (texts.length === 0) {
		texts.push("Nothing.");
	}
	while (list.children.length > texts.length) {
		list.lastElementChild.remove();
	}
	texts.forEach((text, index) => write(list.children[index] ?? list.appendChild(document.createElement("li")), text));
}

async function askPool() {
	try {
		meters ??= (await ask("actuator/metrics")).names;
		const known = Object.entries(METERS).map(([what, names]) => [what, names.find((name) => meters.includes(name))])
			.filter(([, name]) => name);
		return await Promise.all(known.map(async ([what, name]) =>
			[what, (await ask(`actuator/metrics/${name}`)).measurements[0].value]));
	}
	catch (failure) {
		if (failure instanceof Refused) {
			meters = undefined;
			return [];
		}
		throw failure;
	}
}

function showPool(numbers) {
	document.getElementById("pool-absent").hidden = numbers.length > 0;
	document.getElementById("pool").hidden = numbers.length === 0;
	write(document.getElementById("pool-absent"), "The application exposes no meters of its pool.");
	const list = document.getElementById("pool-numbers");
	if (list.children.length !== numbers.length) {
		list.replaceChildren(...numbers.map(([what]) => fact(what)));
	}
	numbers.forEach(([what, number], index) => {
		write(list.children[index].querySelector("dt"), what);
		write(list.children[index].querySelector("dd"), number);
	});
	const { active = 0, idle = 0, max = active + idle } = Object.fromEntries(numbers);
	const bar = document.getElementById("pool-bar");
	bar.setAttribute("viewBox", `0 0 ${Math.max(max, 1)} 1`);
	bar.replaceChildren(shape("rect", "active", { width: active, height: 1 }),
		shape("rect", "idle", { x: active, width: idle, height: 1 }));
	write(document.getElementById("pool-words"),
		`Of ${max} connections at most, ${active} are in use and ${idle} are open for the next.`);
}

go();
