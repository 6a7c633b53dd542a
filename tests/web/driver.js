'use strict';
// A thin W3C WebDriver client: Debian's chromium through its chromedriver, by plain
// HTTP, with JavaScript switched off in the pages.  Nothing of npm.
const { spawn, execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

function which(name) {
	try {
		return execFileSync('sh', ['-c', 'command -v "$1"', 'sh', name]).toString().trim();
	} catch {
		return null;
	}
}

class Element {
	constructor(browser, id) {
		this.browser = browser;
		this.at = `/element/${id}`;
	}
	text() { return this.browser.ask('GET', `${this.at}/text`); }
	click() { return this.browser.ask('POST', `${this.at}/click`, {}); }
	clear() { return this.browser.ask('POST', `${this.at}/clear`, {}); }
	type(text) { return this.browser.ask('POST', `${this.at}/value`, { text }); }
	attribute(name) { return this.browser.ask('GET', `${this.at}/attribute/${name}`); }
	property(name) { return this.browser.ask('GET', `${this.at}/property/${name}`); }
	css(name) { return this.browser.ask('GET', `${this.at}/css/${name}`); }
	rect() { return this.browser.ask('GET', `${this.at}/rect`); }
	// What a screen reader says of it.
	label() { return this.browser.ask('GET', `${this.at}/computedlabel`); }
	role() { return this.browser.ask('GET', `${this.at}/computedrole`); }
}

class Browser {
	static async start(dir, javascript = false) {
		const b = new Browser();
		const data = fs.mkdtempSync(path.join(dir, 'chromium-'));
		// The browser writes nowhere else.
		b.driver = spawn(which('chromedriver'), ['--port=0'], {
			stdio: ['ignore', 'pipe', 'ignore'],
			env: { ...process.env, HOME: data, XDG_CONFIG_HOME: data, TMPDIR: data },
		});
		const port = await new Promise((done, fail) => {
			let said = '';
			b.driver.stdout.on('data', (piece) => {
				said += piece;
				const found = /started successfully on port (\d+)/.exec(said);
				if (found) done(found[1]);
			});
			b.driver.on('exit', () => fail(new Error(`chromedriver ended: ${said}`)));
		});
		b.root = `http://127.0.0.1:${port}/session`;
		const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
			'--no-first-run', '--disable-background-networking', '--disable-component-update',
			'--disable-sync', '--disable-dev-shm-usage', `--user-data-dir=${data}/profile`];
		const options = { args, binary: which('chromium') };
		if (!javascript)
			options.prefs = { 'profile.managed_default_content_settings.javascript': 2 };
		try {
			const s = await b.call('POST', '', { capabilities: { alwaysMatch: {
				browserName: 'chrome', 'goog:chromeOptions': options } } });
			b.session = s.sessionId;
		} catch (e) {
			b.driver.kill();
			throw e;
		}
		return b;
	}
	async call(method, where, body) {
		const r = await fetch(this.root + where, { method,
			body: body === undefined ? undefined : JSON.stringify(body),
			headers: { 'content-type': 'application/json' } });
		const answer = await r.json();
		if (!r.ok)
			throw new Error(`${where}: ${answer.value.error}: ${answer.value.message.split('\n')[0]}`);
		return answer.value;
	}
	ask(method, where, body) { return this.call(method, `/${this.session}${where}`, body); }
	open(url) { return this.ask('POST', '/url', { url }); }
	url() { return this.ask('GET', '/url'); }
	title() { return this.ask('GET', '/title'); }
	source() { return this.ask('GET', '/source'); }
	back() { return this.ask('POST', '/back', {}); }
	size(width, height) { return this.ask('POST', '/window/rect', { width, height }); }
	// WebDriver's own scripts run even where the page's may not.
	run(script, ...args) { return this.ask('POST', '/execute/sync', { script, args }); }
	// Click what leads to another document, and wait for that one.
	async follow(element) {
		await this.run('document.documentElement.dataset.left = "here"');
		await element.click();
		for (let i = 0; i < 150; i++) {
			const there = await this.run(`return document.readyState === 'complete'
				&& document.documentElement.dataset.left !== 'here'`).catch(() => false);
			if (there) return;
			await new Promise((done) => setTimeout(done, 100));
		}
		throw new Error(`nothing came after ${await this.url()}`);
	}
	async all(css) {
		const found = await this.ask('POST', '/elements', { using: 'css selector', value: css });
		return found.map((e) => new Element(this, e[ELEMENT]));
	}
	async one(css) {
		const found = await this.all(css);
		if (found.length === 0)
			throw new Error(`no element ${css} at ${await this.url()}`);
		return found[0];
	}
	async key(key) {
		await this.ask('POST', '/actions', { actions: [{ type: 'key', id: 'k', actions: [
			{ type: 'keyDown', value: key }, { type: 'keyUp', value: key }] }] });
	}
	async focused() {
		return new Element(this, (await this.ask('GET', '/element/active'))[ELEMENT]);
	}
	// The whole page, whatever its height.
	async shot(file) {
		const rect = await this.ask('GET', '/window/rect');
		const height = await this.run('return document.documentElement.scrollHeight');
		await this.size(rect.width, Math.min(Math.max(height + 150, 400), 8000));
		fs.writeFileSync(file, Buffer.from(await this.ask('GET', '/screenshot'), 'base64'));
		await this.size(rect.width, rect.height);
	}
	async stop() {
		try {
			if (this.session) await this.call('DELETE', `/${this.session}`);
		} catch { /* it is gone already */ }
		this.driver.kill();
	}
}

// Starts `habeas serve`; the URL it prints.
async function serve(habeas, register, passphrase, env) {
	const child = spawn(habeas, ['serve', register, '--listen', '127.0.0.1:0',
		'--passphrase-fd', '0'], { stdio: ['pipe', 'pipe', 'inherit'],
		env: { ...process.env, ...env } });
	child.stdin.end(`${passphrase}\n`);
	const url = await new Promise((done, fail) => {
		let said = '';
		child.stdout.on('data', (piece) => {
			said += piece;
			const found = /(http:\S+)/.exec(said);
			if (found) done(found[1]);
		});
		child.on('exit', (code) => fail(new Error(`habeas serve ended with ${code}: ${said}`)));
	});
	const ended = new Promise((done) => child.on('exit', (code, signal) => done({ code, signal })));
	return { url, stop: async () => { child.kill('SIGTERM'); return ended; } };
}

module.exports = { Browser, serve, which };
