package api

import (
	"context"
	"net"
	"net/http"
	"sync"

	"golang.org/x/time/rate"
)

// maxAddresses is of how many addresses the rate is known. Beyond it all are forgotten.
const maxAddresses = 10_000

// limit keeps requests within size, rate, number and time.
func (s *server) limit(next http.Handler) http.Handler {
	slots := make(chan struct{}, s.Concurrent)
	rates := &rates{rate: rate.Limit(s.Rate), byAddress: map[string]*rate.Limiter{}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.RequestURI) > maxURL {
			s.fail(w, r, &httpError{code: http.StatusRequestURITooLong, text: "the URL is longer than 16 KiB"})
			return
		}
		if s.Rate > 0 && !rates.allow(r.RemoteAddr) {
			s.fail(w, r, &httpError{code: http.StatusTooManyRequests, text: "too many requests from this address"})
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), s.Timeout)
		defer cancel()
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()
		case <-ctx.Done():
			s.fail(w, r, &httpError{code: http.StatusServiceUnavailable, text: "too many requests at a time"})
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// Rates are the rates of addresses.
type rates struct {
	rate      rate.Limit
	mu        sync.Mutex
	byAddress map[string]*rate.Limiter
}

func (r *rates) allow(remote string) bool {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		host = remote
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	limiter := r.byAddress[host]
	if limiter == nil {
		if len(r.byAddress) >= maxAddresses {
			clear(r.byAddress)
		}
		limiter = rate.NewLimiter(r.rate, max(1, 2*int(r.rate)))
		r.byAddress[host] = limiter
	}
	return limiter.Allow()
}
