#pragma once
// What a request would have consumed, in AWS's units.

#include <map>
#include <optional>
#include <string>

#include "localcloud/services/dynamodb/api_common.hpp"
#include "localcloud/services/dynamodb/records.hpp"

namespace localcloud::dynamodb {

enum class Consistency { eventual, strong };

double read_units(std::size_t bytes, Consistency consistency);  // 4 KB each, half for eventual reads; at least one
double write_units(std::size_t bytes);                          // 1 KB each; at least one

// Of one table, over one request.
class Consumed {
 public:
  void add_table(double units) { table_ += units; }
  void add_index(const Index& index, double units);
  // A transaction prepares each read and write before it makes it.
  void count_twice();
  // The index entries that were written.
  void add_writes(const Table& table, const ItemWriter& writer);
  // As the response shows it, where the request asks for it.
  std::optional<ConsumedCapacity> report(const Table& table, std::optional<ReturnCapacity> wanted) const;

 private:
  double table_ = 0;
  std::map<std::string, double> local_;
  std::map<std::string, double> global_;
};

// Where the table has local indexes and the request asks for it.
std::optional<ItemCollectionMetrics> collection_metrics(const Table& table, const Item& item,
                                                        std::optional<ReturnMetrics> wanted);

}  // namespace localcloud::dynamodb
