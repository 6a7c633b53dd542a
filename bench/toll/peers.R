# The R packages on the same data as toll_exact_bench, with CPU seconds.  Each part runs
# only where its package is installed, and says so where not.
#   Rscript bench/toll/peers.R [DIRECTORY]
args <- commandArgs(TRUE)
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
cat(sprintf("%-46s %-34s %8s\n", "", "N", "CPU s"))

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

# dga wants all 2^p cells, the first list varying slowest.
dense <- function(x) {
	p <- ncol(x) - 1
	y <- numeric(2^p)
	y[x[, 1:p] %*% 2^((p - 1):0) + 1] <- x[, p + 1]
	array(y, dim = rep(2, p))
}
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
