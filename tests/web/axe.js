'use strict';
// Usage: node axe.js HABEAS DIR AXE.min.js ESTIMATE: see axe.sh.
const { Browser, serve } = require('./driver.js');
const fs = require('node:fs');
const path = require('node:path');

const [habeas, dir, axe, estimate] = process.argv.slice(2);
const PASS = 'open sesame, twice';
const pages = ['persons', 'persons?search=%C6%8Fliyev&sort=name', 'persons?status=x', 'person/P-3',
	'person/P-9', 'person/P-17', 'tolls', `toll/${estimate}`, 'letters', 'letter/release', 'nothing'];
let failed = 0;

async function look(b, name) {
	await b.run(fs.readFileSync(axe, 'utf8'));
	const found = await b.ask('POST', '/execute/async', { args: [], script: `
		const done = arguments[arguments.length - 1];
		axe.run().then((r) => done(r.violations.map((v) => v.id + ': '
			+ v.nodes.map((n) => n.html.slice(0, 120)).slice(0, 3).join(' | '))))
			.catch((e) => done([String(e)]));` });
	console.log(`${found.length ? 'not ok' : 'ok'} ${name}: no violation of axe's rules`);
	for (const f of found) console.log(`    ${f}`);
	failed += found.length;
}

async function main() {
	const server = await serve(habeas, path.join(dir, 'r.habeas'), PASS,
		{ XDG_STATE_HOME: path.join(dir, 'state') });
	// axe needs its timers, so JavaScript is on here; habeas's pages bring none.
	const b = await Browser.start(dir, true);
	try {
		await b.open(`${server.url}en/sign-in`);
		await look(b, 'sign-in');
		await (await b.one('#passphrase')).type(PASS);
		await b.follow(await b.one('.sign-in button'));
		for (const lang of ['en', 'fa', 'az'])
			for (const width of [1200, 400]) {
				await b.size(width, 900);
				for (const p of pages) {
					await b.open(`${server.url}${lang}/${p}`);
					await look(b, `${lang} ${width} ${p}`);
				}
			}
	} finally {
		await b.stop();
		await server.stop();
	}
	process.exit(failed ? 1 : 0);
}

main();
