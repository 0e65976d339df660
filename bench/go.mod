// The benchmarks against other libraries are a module of their own, so that nothing of Headcount depends on those.
module github.com/headcount-hll/headcount/bench

go 1.26.0

replace github.com/headcount-hll/headcount => ../

require (
	github.com/axiomhq/hyperloglog v0.3.0
	github.com/headcount-hll/headcount v0.0.0
	github.com/retailnext/hllpp v1.0.1-0.20180308014038-101a6d2f8b52
	gonum.org/v1/plot v0.17.0
)

require (
	codeberg.org/go-fonts/liberation v0.5.0 // indirect
	codeberg.org/go-latex/latex v0.2.0 // indirect
	codeberg.org/go-pdf/fpdf v0.11.1 // indirect
	git.sr.ht/~sbinet/gg v0.7.0 // indirect
	github.com/ajstarks/svgo v0.0.0-20211024235047-1546f124cd8b // indirect
	github.com/dgryski/go-metro v0.0.0-20250106013310-edb8663e5e33 // indirect
	github.com/golang/freetype v0.0.0-20170609003504-e2365dfdc4a0 // indirect
	github.com/kamstrup/intmap v0.5.2 // indirect
	golang.org/x/image v0.30.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)
