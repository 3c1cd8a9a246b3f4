module github.com/dot-do/evodb_lakehouse/bindings/go

go 1.22
