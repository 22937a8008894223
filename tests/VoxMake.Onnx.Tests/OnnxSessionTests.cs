using System.Diagnostics;

namespace VoxMake.Onnx.Tests;

/// <summary>The binding, with Silero's network: input [batch, samples], state [2, batch, 128], sr (a scalar) give output [batch, 1] and stateN.</summary>
public class OnnxSessionTests
{
    private static string Network => Path.Combine(TestFiles.Repository, "models", "silero_vad.onnx");

    private static OnnxSession Load()
    {
        NeedsOnnx.OrSkip();
        return OnnxSession.Load(Network);
    }

    /// <summary>One window with everything that goes in and comes out.</summary>
    private sealed class Window : IDisposable
    {
        public readonly float[] Sound = new float[576], State = new float[256], Probability = new float[1], Next = new float[256];
        private readonly OnnxTensor _sound, _state, _rate, _probability, _next;

        public Window()
        {
            (_sound, _state, _rate) = (OnnxTensor.Over(Sound, 1, 576), OnnxTensor.Over(State, 2, 1, 128), OnnxTensor.Over<long>([16000]));
            (_probability, _next) = (OnnxTensor.Over(Probability, 1, 1), OnnxTensor.Over(Next, 2, 1, 128));
        }

        public float Run(OnnxSession session)
        {
            session.Run([("input", _sound), ("state", _state), ("sr", _rate)], [("output", _probability), ("stateN", _next)]);
            return Probability[0];
        }

        public void Dispose()
        {
            foreach (var tensor in new[] { _sound, _state, _rate, _probability, _next }) tensor.Dispose();
        }
    }

    private static void Noise(float[] sound, int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < sound.Length; i++) sound[i] = (float)(random.NextDouble() - 0.5);
    }

    [SkippableFact]
    public void A_network_says_what_it_takes_and_gives()
    {
        using var session = Load();
        Assert.Equal(["input: Float [-1, -1]", "state: Float [2, -1, 128]", "sr: Int64 []"], session.Inputs.Select(port => port.ToString()));
        Assert.Equal(["output: Float [-1, 1]", "stateN: Float [-1, -1, -1]"], session.Outputs.Select(port => port.ToString()));
    }

    [SkippableFact]
    public void Outputs_written_in_place_are_those_that_the_library_makes()
    {
        using var session = Load();
        using var window = new Window();
        Noise(window.Sound, 1);
        var probability = window.Run(session);
        Assert.InRange(probability, 1e-6, 1 - 1e-6);
        using var sound = OnnxTensor.Over(window.Sound, 1, 576);
        using var state = OnnxTensor.Over(new float[256], 2, 1, 128);
        using var rate = OnnxTensor.Over<long>([16000]);
        var made = session.Run([("sr", rate), ("input", sound), ("state", state)], "stateN", "output"); // in any order
        Assert.Equal([2L, 1L, 128L], made[0].Shape);
        Assert.Equal(OnnxElement.Float, made[0].Element);
        Assert.Equal(window.Next, made[0].ToArray<float>());
        Assert.Equal([probability], made[1].ToArray<float>());
        Assert.Contains("Float, not of Int64", Assert.Throws<OnnxException>(() => made[1].ToArray<long>()).Message, StringComparison.Ordinal);
        foreach (var tensor in made) tensor.Dispose();
    }

    [SkippableFact]
    public void A_network_from_bytes_is_the_one_from_the_file()
    {
        using var session = Load();
        using var other = OnnxSession.Load(File.ReadAllBytes(Network), threads: 2);
        using var window = new Window();
        Noise(window.Sound, 2);
        Assert.Equal(window.Run(session), window.Run(other));
    }

    [SkippableFact]
    public void A_wrong_name_is_said_with_the_right_ones()
    {
        using var session = Load();
        using var sound = OnnxTensor.Over(new float[576], 1, 576);
        var error = Assert.Throws<OnnxException>(() => session.Run([("sound", sound)], "output"));
        Assert.Equal("the network has no input 'sound'; it has input, state, sr", error.Message);
        error = Assert.Throws<OnnxException>(() => session.Run([("input", sound)], "probability"));
        Assert.Equal("the network has no output 'probability'; it has output, stateN", error.Message);
    }

    [SkippableFact]
    public void A_missing_input_a_wrong_shape_and_a_wrong_type_are_said_in_the_librarys_words()
    {
        using var session = Load();
        using var sound = OnnxTensor.Over(new float[576], 1, 576);
        using var state = OnnxTensor.Over(new float[256], 2, 1, 128);
        using var flat = OnnxTensor.Over(new float[256], 256);
        using var rate = OnnxTensor.Over<long>([16000]);
        using var real = OnnxTensor.Over<float>([16000]);
        string Fault(params (string, OnnxTensor)[] inputs) => Assert.Throws<OnnxException>(() => session.Run(inputs, "output")).Message;
        Assert.Contains("sr", Fault(("input", sound), ("state", state)), StringComparison.Ordinal);
        Assert.Contains("Invalid rank for input: state", Fault(("input", sound), ("state", flat), ("sr", rate)), StringComparison.Ordinal);
        Assert.Contains("Unexpected input data type", Fault(("input", sound), ("state", state), ("sr", real)), StringComparison.Ordinal);
        using var probability = OnnxTensor.Over(new float[2], 2, 1);
        Assert.ThrowsAny<OnnxException>(() => session.Run([("input", sound), ("state", state), ("sr", rate)], [("output", probability)]));
    }

    [SkippableFact]
    public void Tensors_that_do_not_fit_their_array_are_refused()
    {
        NeedsOnnx.OrSkip();
        Assert.Throws<OnnxException>(() => OnnxTensor.Over(new float[5], 2, 3));
        Assert.Throws<OnnxException>(() => OnnxTensor.Over(new float[1], -1, -1));
        Assert.Throws<OnnxException>(() => OnnxTensor.Over(new decimal[1], 1));
    }

    [SkippableFact]
    public void A_broken_file_is_said_to_be_broken()
    {
        NeedsOnnx.OrSkip();
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Network);
        File.WriteAllBytes(folder.File("half.onnx"), bytes[..(bytes.Length / 2)]);
        File.WriteAllText(folder.File("text.onnx"), "this is no network");
        foreach (var name in new[] { "half.onnx", "text.onnx" })
            Assert.Contains(name, Assert.Throws<OnnxException>(() => OnnxSession.Load(folder.File(name))).Message, StringComparison.Ordinal);
        Assert.Contains("none.onnx", Assert.Throws<OnnxException>(() => OnnxSession.Load(folder.File("none.onnx"))).Message, StringComparison.Ordinal);
        Assert.Throws<OnnxException>(() => OnnxSession.Load(bytes[..1000]));
    }

    [SkippableFact]
    public void Threads_that_share_a_session_get_what_one_alone_gets()
    {
        using var session = Load();
        float[] Alone(int seed)
        {
            using var window = new Window();
            return [.. Enumerable.Range(0, 200).Select(step =>
            {
                Noise(window.Sound, seed * 1000 + step);
                var probability = window.Run(session);
                window.Next.CopyTo(window.State, 0);
                return probability;
            })];
        }
        var expected = Enumerable.Range(0, 8).Select(Alone).ToList();
        var together = new float[8][];
        var threads = Enumerable.Range(0, 8).Select(seed => new Thread(() => together[seed] = Alone(seed))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        for (var seed = 0; seed < 8; seed++) Assert.Equal(expected[seed], together[seed]);
        Assert.NotEqual(expected[0], expected[1]);
    }

    [SkippableFact]
    [Trait("Category", "Slow")]
    public void Memory_does_not_grow_with_runs_nor_with_sessions()
    {
        const int batch = 32; // so that a state left behind is 32 kB
        using var session = Load();
        void Work(int runs)
        {
            for (var i = 0; i < runs; i++)
            {
                using var sound = OnnxTensor.Over(new float[batch * 576], batch, 576);
                using var state = OnnxTensor.Over(new float[2 * batch * 128], 2, batch, 128);
                using var rate = OnnxTensor.Over<long>([16000]);
                foreach (var made in session.Run([("input", sound), ("state", state), ("sr", rate)], "output", "stateN")) made.Dispose();
                Assert.Throws<OnnxException>(() => session.Run([("input", sound)], "output"));
            }
            for (var i = 0; i < runs / 50; i++) OnnxSession.Load(Network).Dispose();
        }
        Work(500);
        var before = Resident();
        Work(1500);
        Assert.InRange(Resident() - before, long.MinValue, 20L << 20); // states left behind would be 48 MB, sessions more than 60 MB
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    [SkippableFact]
    public void What_is_used_after_it_was_given_back_is_an_error_and_no_crash()
    {
        var session = Load();
        var window = new Window();
        window.Dispose();
        Assert.Throws<ObjectDisposedException>(() => window.Run(session));
        session.Dispose();
        session.Dispose();
        using var other = new Window();
        Assert.Throws<ObjectDisposedException>(() => other.Run(session));
    }
}
