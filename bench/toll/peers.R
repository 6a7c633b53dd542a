# The R packages on the same data as toll_exact_bench, with CPU seconds.  Each part runs
# only where its package is installed, and says so where not.
#   Rscript bench/toll/peers.R [DIRECTORY]
#   Rscript bench/toll/peers.R write DIRECTORY   the packages' own tables as CSV, for habeas
#   Rscript bench/toll/peers.R all DIRECTORY     every package on every CSV of 3 to 5 lists
args <- commandArgs(TRUE)
job <- if (length(args) && args[1] %in% c("write", "all")) args[1] else "bench"
if (job != "bench")
	args <- args[-1]
dir <- if (length(args)) args[1] else "../shared/data/toll"
counts <- function(f) as.matrix(read.csv(file.path(dir, f)))
row <- function(what, value, cpu)
	cat(sprintf("%-46s %-34s %8.3f\n", what, value, cpu))
cpu <- function(expr) {
	t <- system.time(force(expr))
	unname(t["user.self"] + t["sys.self"])
}
with_package <- function(p, f) {
	if (requireNamespace(p, quietly = TRUE))
		f()
	else
		cat(sprintf("%-46s not installed\n", p))
}
# --- write: tables of counts, one row for each set of lists -----------------------------
tables <- list(Rcapture = c("HIV", "lesbian", "duck", "bunting", "hare"),
	SparseMSE = c("UKdat", "UKdat_5", "Ned", "Ned_5", "NewOrl", "NewOrl_5", "Western",
		"Artificial_3"), CARE1 = c("HAV", "Diabetes", "Congenital"),
	conting = c("ScotPWID", "spina"))
patterns <- function(package, name) {
	e <- new.env()
	utils::data(list = name, package = package, envir = e)
	x <- e[[name]]
	if (package == "CARE1") {                            # one row, patterns as headings
		on <- do.call(rbind, strsplit(sub("^X", "", names(x)), ""))
		return(data.frame(apply(on, 2, as.integer), count = as.numeric(x[1, ])))
	}
	if (package == "conting") {                          # counts first, covariates last
		lists <- grep("^S[0-9]$", names(x), value = TRUE)
		return(data.frame(lapply(x[lists], function(v) as.integer(v == "obs")), count = x$y))
	}
	x <- as.data.frame(x)
	if (name == "hare")                                  # a row for each animal
		return(data.frame(x, count = 1))
	names(x)[ncol(x)] <- "count"
	x
}
write_tables <- function(dir) {
	for (p in names(tables)) {
		if (!requireNamespace(p, quietly = TRUE)) {
			cat(p, "not installed\n")
			next
		}
		for (n in tables[[p]]) {
			x <- patterns(p, n)
			x <- x[!is.na(x$count) & x$count > 0 & rowSums(x[names(x) != "count"]) > 0, ]
			x <- stats::aggregate(count ~ ., x, sum)
			write.csv(x, file.path(dir, paste0(p, "_", n, ".csv")), row.names = FALSE,
				quote = FALSE)
		}
	}
}
if (job == "write") {
	write_tables(args[1])
	quit()
}

cat(sprintf("%-46s %-34s %8s\n", "", "N", "CPU s"))

# --- all: each package's estimate of each table -----------------------------------------
rcapture_best <- function(x, by) {
	r <- suppressWarnings(Rcapture::closedpMS.t(x, dfreq = TRUE)$results)
	b <- which.min(r[, by])
	sprintf("%.2f %s%s", r[b, "abundance"], rownames(r)[b], if (r[b, "infoFit"]) " warns" else "")
}
dga_mean <- function(x) {
	p <- ncol(x) - 1
	e <- new.env()
	utils::data(list = paste0("graphs", p), package = "dga", envir = e)
	missing <- 1:(30 * sum(x[, p + 1]))
	w <- dga::bma.cr(dense(x), missing, 2^-p, e[[paste0("graphs", p)]])
	q <- colSums(w[-nrow(w), ])                          # the saturated graph is the last
	sprintf("%.2f", sum(q * (missing + sum(x[, p + 1]))) / sum(q))
}
lcmcr_mean <- function(x, seed) {
	p <- ncol(x) - 1
	x <- as.data.frame(x)
	x[1:p] <- lapply(x[1:p], factor, levels = 0:1)
	names(x)[p + 1] <- "Freq"
	m <- LCMCR::lcmCR(x, tabular = TRUE, in_list_label = "1", not_in_list_label = "0",
		K = min(2^p - 1, 15), a_alpha = 0.25, b_alpha = 0.25, seed = seed, buffer_size = 10000,
		thinning = 100)
	n <- LCMCR::lcmCR_PostSampl(m, burnin = 10000, samples = 1000, thinning = 100, output = FALSE)
	sprintf("%.0f (%.0f-%.0f)", mean(n), quantile(n, 0.025), quantile(n, 0.975))
}
run_all <- function() for (f in list.files(dir, pattern = "[.]csv$")) {
	x <- counts(f)
	storage.mode(x) <- "double"
	p <- ncol(x) - 1
	if (!is.numeric(x) || p < 3 || p > 5 || !all(x[, 1:p] %in% 0:1))
		next
	try_one <- function(what, f1) {
		value <- NULL
		s <- cpu(value <- tryCatch(f1(), error = function(e) paste("fails:", conditionMessage(e))))
		row(paste(f, what), value, s)
	}
	with_package("Rcapture", function() for (by in c("BIC", "AIC"))
		if (p < 5 || by == "BIC")                        # five lists: a minute each
			try_one(paste("Rcapture", by), function() rcapture_best(x, by)))
	with_package("SparseMSE", function() try_one("SparseMSE stepwise", function() sprintf("%.2f",
		as.numeric(SparseMSE::estimatepopulation.0(x, quantiles = NULL)$estimate))))
	with_package("dga", function() try_one("dga, without the saturated", function() dga_mean(x)))
	with_package("LCMCR", function() for (seed in 1:3)
		try_one(paste("LCMCR, seed", seed), function() lcmcr_mean(x, seed)))
}

# dga wants all 2^p cells, the first list varying slowest.
dense <- function(x) {
	p <- ncol(x) - 1
	y <- numeric(2^p)
	y[x[, 1:p] %*% 2^((p - 1):0) + 1] <- x[, p + 1]
	array(y, dim = rep(2, p))
}
if (job == "all") {
	run_all()
	quit()
}

with_package("Rcapture", function() {
	for (f in c("lcmcr_kosovo_aggregate.csv", "rcapture_HIV.csv")) {
		s <- cpu(r <- Rcapture::closedpMS.t(counts(f), dfreq = TRUE)$results)
		best <- r[which.min(r[, "BIC"]), ]
		row(paste("Rcapture, BIC,", f), sprintf("%.3f (se %.3f)", best["abundance"],
			best["stderr"]), s)
	}
	x <- counts("lcmcr_kosovo_aggregate.csv")
	s <- cpu(r <- Rcapture::closedpCI.t(x, dfreq = TRUE, mX = "[123,14,34]")$CI)
	row("Rcapture, profile, Kosovo [123,14,34]", sprintf("%.2f-%.2f", r[2], r[3]), s)
	s <- cpu(r <- Rcapture::closedp.bc(x, dfreq = TRUE, m = "Mh", h = "Chao")$results)
	row("Rcapture, Chao, Kosovo", sprintf("%.1f", r[1]), s)
})

with_package("dga", function() {
	e <- new.env()
	utils::data(list = c("graphs3", "graphs4", "graphs5"), package = "dga", envir = e)
	say <- function(what, y, missing, delta, graphs, prior = NULL) {
		s <- cpu(w <- dga::bma.cr(y, missing, delta, graphs, prior))
		row(what, sprintf("%.8f", sum(colSums(w) * (missing + sum(y)))), s)
	}
	my5 <- array(c(0, 27, 37, 19, 4, 4, 1, 1, 97, 22, 37, 25, 2, 1, 3, 5, 83, 36, 34, 18, 3,
		5, 0, 2, 30, 5, 23, 8, 0, 3, 0, 2), dim = rep(2, 5))
	say("dga, Madigan & York 5 lists, delta 0.5", my5, 1:300, 0.5, e$graphs5)
	x <- counts("lcmcr_kosovo_aggregate.csv")
	say("dga, Kosovo, delta 1/16, to 40,000", dense(x), 1:40000, 1 / 16, e$graphs4)
	x <- counts("sparsemse_UKdat_5.csv")
	say("dga, UKdat_5, 1:30n", dense(x), 1:(30 * sum(x[, 6])), 1 / 32, e$graphs5)
})

with_package("SparseMSE", function() {
	for (f in c("sparsemse_UKdat.csv", "sparsemse_UKdat_5.csv")) {
		x <- counts(f)
		s <- cpu(r <- SparseMSE::estimatepopulation.0(x, quantiles = NULL))
		row(paste("SparseMSE, stepwise,", f), sprintf("%.2f", r$estimate), s)
	}
	nboot <- as.integer(Sys.getenv("NBOOT", "20"))       # 1,000 take four minutes
	x <- counts("sparsemse_UKdat.csv")
	s <- cpu(r <- SparseMSE::estimatepopulation(x, nboot = nboot)$BCaquantiles)
	row(sprintf("SparseMSE, BCa x %d, UKdat", nboot), sprintf("%.0f-%.0f", r["0.025"],
		r["0.975"]), s)
})

with_package("LCMCR", function() {
	x <- as.data.frame(counts("lcmcr_kosovo_aggregate.csv"))
	for (i in 1:4)
		x[[i]] <- factor(x[[i]])
	s <- cpu({
		m <- LCMCR::lcmCR(x, tabular = TRUE, in_list_label = "1", not_in_list_label = "0",
			K = 10, a_alpha = 0.25, b_alpha = 0.25, seed = 1, buffer_size = 10000,
			thinning = 100)
		n <- LCMCR::lcmCR_PostSampl(m, burnin = 10000, samples = 1000, thinning = 100,
			output = FALSE)
	})
	row("LCMCR, Kosovo, its help page's settings", sprintf("%.0f (%.0f-%.0f)", mean(n),
		quantile(n, 0.025), quantile(n, 0.975)), s)
})
