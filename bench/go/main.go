// iceberg-go's Hadoop catalog, at the jobs of bench/remote:
//
//	iceberg_go open|append WAREHOUSE NAMESPACE TABLE [COMMITS]
//	iceberg_go plan WAREHOUSE NAMESPACE TABLE [month|value NUMBER|all]     of bench_table_operations' tables; or day = 3
//
// Says "ready", does its job once it is sent a line, and prints what came of it as JSON.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/apache/iceberg-go"
	"github.com/apache/iceberg-go/catalog"
	"github.com/apache/iceberg-go/catalog/hadoop"
	_ "github.com/apache/iceberg-go/io/gocloud/s3"
	"github.com/apache/iceberg-go/table"
)

type row map[string]any

func waitForStart() {
	fmt.Println("ready")
	bufio.NewReader(os.Stdin).ReadString('\n')
}

func openCatalog(warehouse string) (*hadoop.Catalog, error) {
	return hadoop.NewCatalog("bench", warehouse, iceberg.Properties{
		"allow-unsafe-commits": "true", // it writes to no bucket without
		"s3.endpoint":          os.Getenv("AWS_ENDPOINT_URL"), "s3.region": os.Getenv("AWS_REGION"),
		"s3.access-key-id": os.Getenv("AWS_ACCESS_KEY_ID"), "s3.secret-access-key": os.Getenv("AWS_SECRET_ACCESS_KEY"),
		"s3.force-virtual-addressing": "false",
	})
}

// loadOrCreate also finds a table that another process makes meanwhile.
func loadOrCreate(ctx context.Context, from *hadoop.Catalog, name table.Identifier) (*table.Table, error) {
	if known, err := from.LoadTable(ctx, name); err == nil {
		return known, nil
	}
	if err := from.CreateNamespace(ctx, name[:1], nil); err != nil {
		return nil, err
	}
	columns := iceberg.NewSchema(0, iceberg.NestedField{ID: 1, Name: "id", Type: iceberg.PrimitiveTypes.Int64})
	return from.CreateTable(ctx, name, columns, catalog.WithProperties(iceberg.Properties{"commit.retry.num-retries": "4"}))
}

func appendOne(ctx context.Context, to *table.Table) (*table.Table, error) {
	path := fmt.Sprintf("%s/data/%d-%d.parquet", to.Location(), os.Getpid(), time.Now().UnixNano())
	builder, err := iceberg.NewDataFileBuilder(to.Spec(), iceberg.EntryContentData, path, iceberg.ParquetFile, nil, nil, nil, 1000, 100_000)
	if err != nil {
		return nil, err
	}
	change := to.NewTransaction()
	err = change.AddDataFiles(ctx, []iceberg.DataFile{builder.Build()}, nil, table.WithoutDuplicateCheck(), table.WithoutAutoNameMapping())
	if err != nil {
		return nil, err
	}
	return change.Commit(ctx)
}

func appendFiles(ctx context.Context, from *hadoop.Catalog, name table.Identifier, commits int) (row, error) {
	known, err := loadOrCreate(ctx, from, name)
	if err != nil {
		return nil, err
	}
	if commits == 0 { // the table was all that was wanted
		return row{}, nil
	}
	waitForStart()
	begun := time.Now()
	waited := []float64{}
	failed, failure := 0, ""
	for range commits {
		sent := time.Now()
		if next, err := appendOne(ctx, known); err != nil {
			failed, failure = failed+1, err.Error()
			if known, err = from.LoadTable(ctx, name); err != nil {
				return nil, err
			}
		} else {
			known = next
			waited = append(waited, time.Since(sent).Seconds()*1000)
		}
	}
	return row{"seconds": time.Since(begun).Seconds(), "waited_ms": waited, "failed": failed, "failure": failure}, nil
}

func openTable(ctx context.Context, from *hadoop.Catalog, name table.Identifier) (row, error) {
	waitForStart()
	begun := time.Now()
	known, err := from.LoadTable(ctx, name)
	if err != nil {
		return nil, err
	}
	return row{"seconds": time.Since(begun).Seconds(), "snapshots": len(known.Metadata().Snapshots())}, nil
}

func filter(words []string) (iceberg.BooleanExpression, error) {
	if len(words) == 0 {
		return iceberg.EqualTo(iceberg.Reference("day"), int32(3)), nil
	}
	switch words[0] {
	case "month":
		days := func(month time.Month) iceberg.Date {
			return iceberg.Date(time.Date(2013, month, 1, 0, 0, 0, 0, time.UTC).Unix() / 86400)
		}
		return iceberg.NewAnd(iceberg.GreaterThanEqual(iceberg.Reference("c0"), days(time.July)),
			iceberg.LessThan(iceberg.Reference("c0"), days(time.August))), nil
	case "value":
		number, err := strconv.ParseInt(words[1], 10, 64)
		return iceberg.EqualTo(iceberg.Reference("c2"), number), err
	default:
		return iceberg.AlwaysTrue{}, nil
	}
}

func plan(ctx context.Context, from *hadoop.Catalog, name table.Identifier, words []string) (row, error) {
	wanted, err := filter(words)
	if err != nil {
		return nil, err
	}
	known, err := from.LoadTable(ctx, name)
	if err != nil {
		return nil, err
	}
	waitForStart()
	begun := time.Now()
	files, err := known.Scan(table.WithRowFilter(wanted)).PlanFiles(ctx)
	if err != nil {
		return nil, err
	}
	return row{"seconds": time.Since(begun).Seconds(), "files": len(files)}, nil
}

func work(words []string) (row, error) {
	ctx := context.Background()
	from, err := openCatalog(words[2])
	if err != nil {
		return nil, err
	}
	name := table.Identifier{words[3], words[4]}
	switch words[1] {
	case "append":
		commits, err := strconv.Atoi(words[5])
		if err != nil {
			return nil, err
		}
		return appendFiles(ctx, from, name, commits)
	case "open":
		return openTable(ctx, from, name)
	default:
		return plan(ctx, from, name, words[5:])
	}
}

func main() {
	done, err := work(os.Args)
	if err != nil {
		done = row{"cannot": err.Error()}
	}
	json.NewEncoder(os.Stdout).Encode(done)
}
