using System.Text.Json.Nodes;
using VoxMake.Torch.Native;
using VoxMake.Torch.Weights;

namespace VoxMake.Models.Tests;

/// <summary>A folder with <c>config.json</c> and <c>model.safetensors</c> that a test bends.</summary>
internal sealed class WrittenModel : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Path => _folder.Path;

    public string File(string name) => _folder.File(name);

    /// <summary>Changes config.json.</summary>
    public void Configure(Action<JsonObject> change)
    {
        var json = JsonNode.Parse(System.IO.File.ReadAllBytes(File("config.json")))!.AsObject();
        change(json);
        System.IO.File.WriteAllText(File("config.json"), json.ToJsonString());
    }

    /// <summary>Changes model.safetensors.</summary>
    public void Rewrite(Func<IEnumerable<TensorSource>, IEnumerable<TensorSource>> change)
    {
        using (var file = SafetensorsFile.Open(File("model.safetensors")))
            SafetensorsWriter.Write(File("other"), change(file.Tensors.Select(tensor => TensorSource.Of(tensor.Key, tensor.Value))));
        System.IO.File.Move(File("other"), File("model.safetensors"), overwrite: true);
    }

    /// <summary>Makes two files and their index of model.safetensors.</summary>
    public void Shard()
    {
        var map = new JsonObject();
        using (var file = SafetensorsFile.Open(File("model.safetensors")))
            foreach (var (number, tensors) in file.Tensors.Chunk(file.Tensors.Count / 2 + 1).Index())
            {
                var name = $"model-0000{number + 1}-of-00002.safetensors";
                SafetensorsWriter.Write(File(name), tensors.Select(tensor => TensorSource.Of(tensor.Key, tensor.Value)));
                foreach (var tensor in tensors) map[tensor.Key] = name;
            }
        System.IO.File.Delete(File("model.safetensors"));
        System.IO.File.WriteAllText(File("model.safetensors.index.json"), new JsonObject { ["weight_map"] = map }.ToJsonString());
    }

    /// <summary>Writes a pickle that would run a program in place of the weights.</summary>
    /// <returns>The file that the program would make.</returns>
    public string BoobyTrap()
    {
        System.IO.File.Delete(File("model.safetensors"));
        var pickle = new Torch.Tests.Weights.PickleBytes().Op("cposix\nsystem\n").Text("touch " + File("run")).Op("\x85R");
        System.IO.File.WriteAllBytes(File("pytorch_model.bin"), Torch.Tests.Weights.ZipBytes.Of([new("m/data.pkl", pickle.Stop())]));
        return File("run");
    }

    /// <summary>What is said by whoever refuses the folder.</summary>
    public string Refused(Func<string, IDisposable> open)
    {
        var error = Assert.ThrowsAny<Exception>(() => open(Path).Dispose());
        Assert.True(error is ModelException or WeightsException or TorchException, error.ToString());
        return error.Message;
    }

    public void Dispose() => _folder.Dispose();
}
