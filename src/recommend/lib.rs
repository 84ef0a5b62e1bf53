//! Retrieve, rank, diversify and explain recommendations.
