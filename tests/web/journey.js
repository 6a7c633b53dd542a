'use strict';
// Usage: node journey.js HABEAS [DIR-FOR-SCREENSHOTS]
// A reader's way through the register, JavaScript off, in three languages.
const { Browser, serve, which } = require('./driver.js');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const habeas = path.resolve(process.argv[2]);
const PASS = 'open sesame, twice';
let failed = 0;
let shots;

function ok(name, held, found) {
	if (held) {
		console.log(`ok ${name}`);
	} else {
		console.log(`not ok ${name}${found === undefined ? '' : `: ${JSON.stringify(found)}`}`);
		failed++;
	}
}

const languages = [
	{ lang: 'en', dir: 'ltr', signIn: 'Sign in', wrong: "nobody's passphrase", list: 'Prisoners',
		status: 'dead', nobody: 'Nobody fits this filter.', unconfirmed: 'unconfirmed',
		disagree: 'the sources disagree', cause: 'as a party states it; not established',
		letters: 'Letters', day: '2 January 2020', find: 'قره‌داغلی', shows: 'Qaradağlı',
		next: 'fa', badDay: 'no day', title: 'Release them', adopted: 'not yet' },
	{ lang: 'fa', dir: 'rtl', signIn: 'ورود', wrong: 'گذرواژهٔ هیچ‌کس نیست', list: 'زندانیان',
		status: 'درگذشته', nobody: 'هیچ‌کس با این پالایه نمی‌خواند.', unconfirmed: 'تأییدنشده',
		disagree: 'منابع همخوان نیستند', cause: 'به گفتهٔ یکی از طرف‌ها؛ ثابت نشده',
		letters: 'نامه‌ها', day: '۱۲ دی ۱۳۹۸', find: 'Qaradağlı', shows: 'قره‌داغلی', next: 'az',
		badDay: 'کبیسه نیست', title: 'آزادشان کنید', adopted: 'هنوز نه' },
	{ lang: 'az', dir: 'ltr', signIn: 'Giriş', wrong: 'heç kimin keçid ifadəsi deyil',
		list: 'Məhbuslar', status: 'ölüb', nobody: 'Bu süzgəcə heç kim uyğun gəlmir.',
		unconfirmed: 'təsdiqlənməyib', disagree: 'mənbələr fərqli deyir',
		cause: 'müəyyən edilməyib', letters: 'Məktublar', day: '2 yanvar 2020',
		find: 'Гарадағлы', shows: 'Qaradağlı', next: 'en', badDay: 'uzun il deyil',
		title: 'Onları azad edin', adopted: 'hələ yox' },
];

async function body(b) { return (await b.one('body')).text(); }
async function has(b, text) { return (await body(b)).includes(text); }

async function looks(b, l, name) {
	const html = await b.one('html');
	ok(`${l.lang} ${name}: language and direction`, await html.attribute('lang') === l.lang
		&& await html.attribute('dir') === l.dir);
	ok(`${l.lang} ${name}: one heading of the first level`, (await b.all('h1')).length === 1);
	await b.shot(path.join(shots, `${l.lang}-${name}-1200.png`));
	await b.size(400, 800);
	const wide = await b.run('return document.documentElement.scrollWidth'
		+ ' - document.documentElement.clientWidth');
	ok(`${l.lang} ${name}: fits 400 pixels`, wide <= 0, wide);
	const small = await b.run(`return [...document.querySelectorAll('a[href], button, input, select')]
		.filter((x) => !x.closest('.skip') && !x.closest('.letter-text') && x.type !== 'hidden'
			&& x.className !== 'skip')
		.filter((x) => { const r = x.getBoundingClientRect();
			return r.width < 24 || r.height < 24; }).map((x) => x.outerHTML.slice(0, 80))`);
	ok(`${l.lang} ${name}: targets of 24 pixels`, small.length === 0, small);
	const nameless = [];
	for (const e of await b.all('a[href], button, input:not([type=hidden]), select'))
		if (!(await e.label())) nameless.push(await e.property('outerHTML'));
	ok(`${l.lang} ${name}: everything has a name for screen readers`, nameless.length === 0,
		nameless);
	await b.shot(path.join(shots, `${l.lang}-${name}-400.png`));
	await b.size(1200, 900);
}

async function signIn(b, l, url) {
	await b.open(`${url}${l.lang}/persons`);
	ok(`${l.lang}: no page without signing in`, (await b.url()).includes(`/${l.lang}/sign-in?then=`));
	ok(`${l.lang}: the form is named`, await (await b.one('h1')).text() === l.signIn);
	ok(`${l.lang}: the cursor is in the form`,
		await (await b.focused()).attribute('name') === 'passphrase');
	await (await b.one('#passphrase')).type('wrong');
	await b.follow(await b.one('.sign-in button'));
	ok(`${l.lang}: a wrong passphrase is told`, await has(b, l.wrong));
	await looks(b, l, 'sign-in');
	await (await b.one('#passphrase')).type(PASS);
	await b.follow(await b.one('.sign-in button'));
	ok(`${l.lang}: signing in leads to the page asked for`,
		(await b.url()).endsWith(`/${l.lang}/persons`), await b.url());
}

async function choose(b, select, value) {
	const menu = await b.one(`#f-${select}`);
	for (let i = 0; i < 5 && await menu.property('value') !== value; i++)
		await (await b.one(`#f-${select} option[value="${value}"]`)).click();
}

async function filters(b, l) {
	ok(`${l.lang}: the list`, await (await b.one('h1')).text() === l.list);
	ok(`${l.lang}: unconfirmed is said`, await has(b, l.unconfirmed));
	ok(`${l.lang}: where one is, is marked`, (await b.all('.menu [aria-current=page]')).length === 1);
	ok(`${l.lang}: the table is a table`, await (await b.one('table')).role() === 'table');
	await looks(b, l, 'list');
	await choose(b, 'status', 'dead');
	await choose(b, 'prison', 'Evin');
	await b.follow(await b.one('.filters button'));
	const rows = await b.all('tbody tr');
	ok(`${l.lang}: prison and status filter`, rows.length === 1
		&& (await rows[0].text()).includes('Əliyev') && (await rows[0].text()).includes(l.status),
		await b.url());
	await (await b.one('#f-on')).type('1398/12/30');
	await b.follow(await b.one('.filters button'));
	ok(`${l.lang}: a day that is none is told`, await has(b, l.badDay), await body(b));
	const search = await b.one('#f-search');
	await b.open((await b.url()).replace(/\?.*/, '?search=Nobodysname'));
	ok(`${l.lang}: nobody fits`, await has(b, l.nobody), search && undefined);
	await (await b.one('#f-search')).clear();
	await (await b.one('#f-search')).type(l.find);
	await b.follow(await b.one('.filters button'));
	ok(`${l.lang}: a search in another script finds`, (await b.all('tbody tr')).length === 1
		&& await has(b, l.shows), await body(b));
}

async function dossier(b, l) {
	const list = await b.url();
	await b.follow(await b.one('tbody th a'));
	ok(`${l.lang}: the dossier has both spellings`, await has(b, 'Qaradağlı')
		&& await has(b, 'قره‌داغلی'));
	ok(`${l.lang}: dates in the language`, await has(b, l.day), await body(b));
	ok(`${l.lang}: claims disagree in words`, await has(b, `≠ ${l.disagree}`));
	ok(`${l.lang}: unconfirmed on the dossier`, await has(b, l.unconfirmed));
	await looks(b, l, 'dossier');
	await b.back();
	ok(`${l.lang}: back at the list with its question`, await b.url() === list
		&& await (await b.one('#f-search')).property('value') === l.find);
	await b.follow(await b.one(`.languages a[hreflang=${l.next}]`));
	ok(`${l.lang}: another language keeps the question`,
		await (await b.one('html')).attribute('lang') === l.next
		&& await (await b.one('#f-search')).property('value') === l.find);
	await b.follow(await b.one(`.languages a[hreflang=${l.lang}]`));
	await b.open(list.replace(/\?.*/, '?search=%C6%8Fliyev'));
	await b.follow(await b.one('tbody th a'));
	ok(`${l.lang}: a cause of death is a party's claim`, await has(b, l.cause));
	await b.open(list.replace(/\?.*/, '?search=script'));
	ok(`${l.lang}: markup in names is text`, await has(b, '<script>alert(1)</script>')
		&& (await b.all('main img, main script')).length === 0);
	await looks(b, l, 'hostile');
}

async function letter(b, l) {
	for (const a of await b.all('.menu a'))
		if (await a.text() === l.letters) { await b.follow(a); break; }
	ok(`${l.lang}: the letters`, await (await b.one('h1')).text() === l.letters);
	const links = await b.all('.letters a');
	if (links.length === 0) {
		ok(`${l.lang}: the letter is listed`, false);
		return;
	}
	await b.follow(links[0]);
	ok(`${l.lang}: the letter in the language`, await (await b.one('h1')).text() === l.title,
		await (await b.one('h1')).text());
	ok(`${l.lang}: who has not adopted it`, await has(b, l.adopted));
	ok(`${l.lang}: its text is there`, (await b.all('.letter-text p')).length > 0,
		await body(b));
	await looks(b, l, 'letter');
}

async function leave(b, l, url) {
	// By the keyboard alone: the first stop leads past the menus.
	await b.open(`${url}${l.lang}/persons`);
	await b.key('\uE004');
	ok(`${l.lang}: the first stop of the keyboard skips to the content`,
		await (await b.focused()).attribute('class') === 'skip');
	await b.follow(await b.one('.menu button'));
	ok(`${l.lang}: signed out`, (await b.url()).endsWith(`/${l.lang}/sign-in`));
	await b.back();
	await b.open(`${url}${l.lang}/person/P-3`);
	ok(`${l.lang}: nothing to see any more`, !(await has(b, 'Qaradağlı')));
}

async function main() {
	if (!which('chromium') || !which('chromedriver')) {
		console.log('skip web/journey: chromium or chromedriver is missing');
		process.exit(77);
	}
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'habeas-journey-'));
	shots = process.argv[3] || dir;
	fs.mkdirSync(shots, { recursive: true });
	const env = { XDG_STATE_HOME: path.join(dir, 'state') };
	let server, b;
	try {
		execFileSync('sh', [path.join(__dirname, 'register.sh'), habeas, dir, 'letter'],
			{ stdio: ['ignore', 'inherit', 'inherit'] });
		server = await serve(habeas, path.join(dir, 'r.habeas'), PASS, env);
		b = await Browser.start(dir);
		await b.size(1200, 900);
		await b.open('data:text/html,<title>off</title><script>document.title="on"</script>');
		ok('JavaScript is off', await b.title() === 'off');
		for (const l of languages) {
			await signIn(b, l, server.url);
			await filters(b, l);
			await dossier(b, l);
			await letter(b, l);
			await leave(b, l, server.url);
		}
	} catch (e) {
		ok('the journey goes through', false, e.stack);
		if (b) await b.shot(path.join(shots, 'failed.png')).catch(() => {});
	} finally {
		if (b) await b.stop();
		const end = server && await server.stop();
		ok('SIGTERM ends the server with 0', end && end.code === 0, end);
		fs.rmSync(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	}
	process.exit(failed ? 1 : 0);
}

main();
