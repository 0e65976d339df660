// SPDX-License-Identifier: Apache-2.0

package fp

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"
)

// The same table is checked on every architecture that the tests run on, so that all of them give
// the same bits. These are our own results, held below one ulp by the tests against math/big.
func TestFunctions_HaveTheSameBitsOnEveryArchitecture(t *testing.T) {
	for _, c := range bitsTable {
		for i, want := range []uint64{c.log, c.exp, c.expm1} {
			s := functions[i]
			if got := math.Float64bits(s.f(c.x)); want != none && got != want {
				t.Errorf("%s(%v) = %#x, want %#x", s.name, c.x, got, want)
			}
		}
	}
}

// A digest of many results, for the arguments that no table would name.
func TestFunctions_HaveTheSameDigestOnEveryArchitecture(t *testing.T) {
	for _, s := range functions {
		r := rng(2)
		h := sha256.New()
		for range 100000 {
			var b [8]byte
			binary.LittleEndian.PutUint64(b[:], math.Float64bits(s.f(s.draw(&r))))
			h.Write(b[:])
		}
		if got := hex.EncodeToString(h.Sum(nil)[:8]); got != digests[s.name] {
			t.Errorf("%s: digest of 100,000 results %s, want %s", s.name, got, digests[s.name])
		}
	}
}

// none marks an argument outside the domain.
const none = 0

var digests = map[string]string{
	"Log":   "cd060c2b07399626",
	"Exp":   "eab97e8f5de1280f",
	"Expm1": "78e497d84af6d4db",
}

var bitsTable = []struct {
	x               float64
	log, exp, expm1 uint64
}{
	{5e-324, 0xc0874385446d71c3, 0x3ff0000000000000, 0x0000000000000001},
	{-5e-324, none, 0x3ff0000000000000, 0x8000000000000001},
	{1e-300, 0xc085963447f87fb5, 0x3ff0000000000000, 0x01a56e1fc2f8f359},
	{-1e-300, none, 0x3ff0000000000000, 0x81a56e1fc2f8f359},
	{8.673617379884035e-19, 0xc044cb5ecf0a9650, 0x3ff0000000000000, 0x3c30000000000000},
	{-8.673617379884035e-19, none, 0x3ff0000000000000, 0xbc30000000000000},
	{1e-09, 0xc034b927f32bffb8, 0x3ff000000044b830, 0x3e112e0be84bbb51},
	{-1e-09, none, 0x3fefffffff768fa1, 0xbe112e0be801f1d9},
	{0.001, 0xc01ba18a998fffa0, 0x3ff0041919b7ee34, 0x3f506466dfb8cf3a},
	{-0.001, none, 0x3feff7cfe56f1a9e, 0xbf50603521cac48c},
	{0.1, 0xc0026bb1bbb55515, 0x3ff1aec7b35a00d4, 0x3fbaec7b35a00d3a},
	{-0.1, none, 0x3fecf46d99d52b3a, 0xbfb85c933156a62c},
	{0.3333333333333333, 0xbff193ea7aad030b, 0x3ff6546db1ba2d13, 0x3fd951b6c6e8b44c},
	{-0.3333333333333333, none, 0x3fe6edd3122f2ea5, 0xbfd22459dba1a2b6},
	{0.5, 0xbfe62e42fefa39ef, 0x3ffa61298e1e069c, 0x3fe4c2531c3c0d38},
	{-0.5, none, 0x3fe368b2fc6f960a, 0xbfd92e9a0720d3ec},
	{0.7, 0xbfd6d3c324e13f50, 0x40001c2a61268987, 0x3ff03854c24d130d},
	{-0.7, none, 0x3fdfc80db9dd5542, 0xbfe01bf92311555f},
	{0.999, 0xbf5064670d979b73, 0x4005b97a17d41193, 0x3ffb72f42fa82325},
	{-0.999, none, 0x3fd7915dfb498dfd, 0xbfe43751025b3901},
	{1, 0x0000000000000000, 0x4005bf0a8b145769, 0x3ffb7e151628aed3},
	{-1, none, 0x3fd78b56362cef38, 0xbfe43a54e4e98864},
	{1.001, 0x3f5060354f8c3cc4, 0x4005c49c6b2c1310, 0x3ffb8938d6582621},
	{-1.001, none, 0x3fd7854ffc1240e4, 0xbfe43d5801f6df8e},
	{1.4, 0x3fd588c2d913348e, 0x4010388657115a47, 0x4008710cae22b48d},
	{-1.4, none, 0x3fcf907d43b60715, 0xbfe81be0af127e3b},
	{1.5, 0x3fd9f323ecbf984c, 0x4011ed3fe64fc541, 0x400bda7fcc9f8a83},
	{-1.5, none, 0x3fcc8f87724b5c1d, 0xbfe8dc1e236d28f9},
	{2, 0x3fe62e42fefa39ef, 0x401d8e64b8d4ddae, 0x40198e64b8d4ddae},
	{-2, none, 0x3fc152aaa3bf81cc, 0xbfebab5557101f8d},
	{2.718281828459045, 0x3ff0000000000000, 0x402e4efb75e4527a, 0x402c4efb75e4527a},
	{-2.718281828459045, none, 0x3fb0e49787e20548, 0xbfede36d0f03bf57},
	{3.141592653589793, 0x3ff250d048e7a1bd, 0x403724046eb09339, 0x403624046eb09339},
	{-3.141592653589793, none, 0x3fa620227b598efa, 0xbfee9dfdd84a6710},
	{10, 0x40026bb1bbb55516, 0x40d5829dcf950560, 0x40d5825dcf950560},
	{-10, none, 0x3f07cd79b5647c9b, 0xbfefffa0ca192a6e},
	{40.5, 0x400d9c44359b7799, 0x43958b03e6797728, 0x43958b03e6797728},
	{-40.5, none, 0x3c47c432199df55a, 0xbff0000000000000},
	{100, 0x40126bb1bbb55516, 0x48f3494a9b171bf5, 0x48f3494a9b171bf5},
	{-100, none, 0x36ea8c1f14e2af5d, 0xbff0000000000000},
	{333.25, 0x40173c4e6f947d3a, 0x5dfb703865399ec3, 0x5dfb703865399ec3},
	{-333.25, none, 0x21e2a8f63851e867, 0xbff0000000000000},
	{700, 0x401a344e6741ebab, 0x7f0d945df4f8ec8e, 0x7f0d945df4f8ec8e},
	{-700, none, 0x00d14f2b0fb9307f, 0xbff0000000000000},
	{709.5, 0x401a421c25960b33, 0x7fe81e9b4b52d0c9, 0x7fe81e9b4b52d0c9},
	{-709.5, none, 0x00054e90c99fb878, 0xbff0000000000000},
}
