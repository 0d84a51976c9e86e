//! The acceptance tests: one program, so that they share one moto and run in parallel.

mod peers;
